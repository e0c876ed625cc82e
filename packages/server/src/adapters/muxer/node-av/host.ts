import type { MuxerModule } from '@arclight/core/contracts'
import { AV_LOG_ERROR } from 'node-av/constants'
import { Log } from 'node-av/lib'
import { openMp4 } from './mp4-open.ts'
import { repairMp4 } from './mp4-repair.ts'

/** What a media host loads. FFmpeg is called synchronously here: the process has nothing else to do. */
const muxer: MuxerModule = { open: openMp4, repair: repairMp4 }

// Encoders tell their statistics on standard error, where a host's last words are read.
Log.setLevel(AV_LOG_ERROR)

export default muxer
