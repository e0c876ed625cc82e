import type { FinishedFile, Muxer } from '@arclight/core/contracts'
import type { MediaHosts } from '../media-host/media-hosts.ts'

const MOST_CRASHES = 3

/** Has a media host make `file` of what a crash left; an Error where that failed, undefined where nothing was left. */
export function repairFile(hosts: MediaHosts, muxer: Muxer, file: string): Promise<FinishedFile | Error | undefined> {
  const { host, recorder } = hosts.assign()
  let crashes = 0
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
      // It may have died of another's recording; a repair may be repeated.
      restarted: () => {
        crashes++
        if (crashes > MOST_CRASHES) end(new Error('the media host died while it repaired the file'))
        else host.request(recorder, { type: 'repair', module: muxer.module, file })
      },
      drained: () => {},
    })
    host.request(recorder, { type: 'repair', module: muxer.module, file })
  })
}
