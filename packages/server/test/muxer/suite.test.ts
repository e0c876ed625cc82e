import { muxerSuite } from '@arclight/conformance/muxer'
import { nodeAvMuxer } from '@arclight/server/muxer/node-av'
import { BOTH, START } from './recording.ts'
import { melody, pictures, sounds } from './test-media.ts'

muxerSuite({
  name: 'node-av',
  create: () => nodeAvMuxer(),
  media: () => ({
    tracks: { video: BOTH.video, audio: BOTH.audio },
    video: pictures({ frames: 30, start: START }),
    audio: sounds({ duration: 3e6, start: START, wave: melody }),
  }),
})
