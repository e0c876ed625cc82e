import type { FinishedFile } from '@arclight/core/contracts'
import { SAMPLE_RATE } from './aac-encoder.ts'
import { isThere, move, remove, sizeOf } from './disk.ts'
import { finishedFile } from './finished-file.ts'
import { findLeftover, mend } from './leftover.ts'
import { type Copied, copyMp4 } from './mp4-copy.ts'
import { Mp4Output, VIDEO_RATE } from './mp4-output.ts'

/** Where the repaired file is written; it replaces nothing until it is whole. */
function repairedOf(file: string): string {
  return `${file}.repair`
}

/**
 * Makes a plain MP4 of what a crash left of `file`. May be repeated after another crash; what was finished already
 * is described again.
 */
export async function repairMp4(file: string): Promise<FinishedFile | undefined> {
  const leftover = await findLeftover(file)
  const source = leftover ?? ((await isThere(file)) ? file : undefined)
  if (!source || !(await mend(source))) return undefined
  const repaired = repairedOf(file)
  await remove(repaired)
  const copied = await copy(source, repaired)
  await move(repaired, file)
  if (leftover) await remove(leftover)
  const { video, audio } = copied
  const seconds = Math.max((video?.end ?? 0) / VIDEO_RATE, (audio?.end ?? 0) / SAMPLE_RATE)
  return finishedFile({ seconds, bytes: await sizeOf(file), video })
}

async function copy(source: string, target: string): Promise<Copied> {
  const output = await Mp4Output.create(target, { growing: false })
  try {
    const copied = await copyMp4(source, output)
    output.finish()
    await output.sync()
    return copied
  } catch (error) {
    await remove(target)
    throw error
  } finally {
    await output.free()
  }
}
