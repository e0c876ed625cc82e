import { opusCodec } from '@arclight/client-node/audio/node-av'
import { audioCodecSuite } from '@arclight/conformance/audio-codec'

audioCodecSuite({ name: 'node-av', create: () => opusCodec() })
