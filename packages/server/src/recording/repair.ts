import type { FinishedFile, Muxer } from '@arclight/core/contracts'
import type { MediaHosts } from '../media-host/media-hosts.ts'

/** Has a media host make `file` of what a crash left; an Error where that failed, undefined where nothing was left. */
export function repairFile(hosts: MediaHosts, muxer: Muxer, file: string): Promise<FinishedFile | Error | undefined> {
  const { host, recorder } = hosts.assign()
  return new Promise((resolve) => {
    const end = (result: FinishedFile | Error | undefined): void => {
      host.remove(recorder)
      resolve(result)
    }
    host.add(recorder, {
      replied: (reply) => {
        if (reply.type === 'closed') end(reply.file)
        if (reply.type === 'failed') end(new Error(reply.message))
      },
      restarted: () => end(new Error('the media host died while it repaired the file')),
      drained: () => {},
    })
    host.request(recorder, { type: 'repair', module: muxer.module, file })
  })
}
