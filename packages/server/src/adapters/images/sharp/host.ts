import { open, rm } from 'node:fs/promises'
import type { ImageJob, ImageResult } from '@arclight/core/contracts'
import sharp from 'sharp'

/** A process that lives for one picture: threads and a cache would only be memory. */
sharp.concurrency(1)
sharp.cache(false)

const QUALITY = 82
/** Exit codes of a host that could not work for a reason of the machine's. */
const FAILED = 1

/** What the disk says when it takes no more. */
const DISK = /no space|quota|read-only|permission|input\/output/i

async function work({ input, output, fit, side, mostPixels }: ImageJob): Promise<ImageResult> {
  // `limitInputPixels` is checked here, so that the answer can say how many there are.
  const source = sharp(input, { limitInputPixels: false, failOn: 'error' })
  const { width, height, orientation = 1 } = await source.metadata()
  if (!width || !height) return { outcome: 'unreadable' }
  if (width * height > mostPixels) return { outcome: 'too-many-pixels', pixels: width * height }
  const size =
    fit === 'square'
      ? { width: Math.min(side, width, height), height: Math.min(side, width, height) }
      : { width: side, height: side }
  const shape = fit === 'square' ? ({ fit: 'cover' } as const) : ({ fit: 'inside', withoutEnlargement: true } as const)
  // Neither place nor camera nor time: metadata is not written unless asked for.
  const { size: bytes } = await sharp(input, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .resize({ ...size, ...shape })
    .webp({ quality: QUALITY })
    .toFile(output)
  await sync(output)
  // EXIF orientations from 5 on lie on their side.
  const isTurned = orientation >= 5
  return { outcome: 'made', bytes, width: isTurned ? height : width, height: isTurned ? width : height }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

async function main(job: string): Promise<void> {
  if (job === 'check') return void process.stdout.write(JSON.stringify(sharp.versions))
  const asked = JSON.parse(job) as ImageJob
  let result: ImageResult
  try {
    result = await work(asked)
  } catch (error) {
    await rm(asked.output, { force: true })
    if (DISK.test((error as Error).message)) throw error
    result = { outcome: 'unreadable' }
  }
  process.stdout.write(JSON.stringify(result))
}

main(process.argv[2] ?? '').catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = FAILED
})
