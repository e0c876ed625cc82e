import type { MuxerModule } from '@arclight/core/contracts'
import { repairMp4 } from './mp4-repair.ts'
import { openMp4 } from './mp4-writer.ts'

/** What a media host loads. FFmpeg is called synchronously here: the process has nothing else to do. */
const muxer: MuxerModule = { open: openMp4, repair: repairMp4 }

export default muxer
