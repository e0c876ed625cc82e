import { MediaError } from '@arclight/core'
import type { MuxerModule } from '@arclight/core/contracts'
import { isThere } from './disk.ts'
import { partOf } from './leftover.ts'
import { Mp4Output } from './mp4-output.ts'
import { resumeMp4 } from './mp4-resume.ts'
import { Mp4Writer } from './mp4-writer.ts'

/** See MuxerModule.open. A file that is there already is never written over. */
export const openMp4: MuxerModule['open'] = async ({ file, tracks, resume, origin }) => {
  const known = resume?.origin
  const resumed = resume && (await resumeMp4(file, known))
  if (known !== undefined) origin(known)
  const parts = { file, wanted: tracks, told: origin }
  if (resumed) return new Mp4Writer({ ...parts, output: resumed.output, state: { name: 'writing', ...resumed.tracks } })
  if (await isThere(file)) throw new MediaError('failed', `${file} is there already`)
  const output = await Mp4Output.create(partOf(file), { growing: true })
  return new Mp4Writer({ ...parts, output, state: { name: 'waiting', packets: [], origin: known } })
}
