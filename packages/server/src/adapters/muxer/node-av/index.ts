import { MediaError } from '@arclight/core'
import type { Muxer } from '@arclight/core/contracts'

/**
 * MP4 through FFmpeg: H.264 is copied, Opus becomes AAC. Needs the package node-av (glibc, a GPL build of FFmpeg), which
 * is loaded inside media hosts alone.
 */
export function nodeAvMuxer(): Muxer {
  return {
    name: 'node-av',
    module: import.meta.resolve('@arclight/server/muxer/node-av/host'),
    check: async () => {
      try {
        await import('node-av/lib')
      } catch (error) {
        throw new MediaError('unsupported', 'recording needs the package node-av: npm install node-av', error)
      }
    },
  }
}
