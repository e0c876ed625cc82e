import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copy } from './copy.mjs'
import { makeMedia, VIDEO } from './media.mjs'
import { reEncode } from './re-encode.mjs'

/** Of a core: what one recorded stream may cost where its pictures are copied. */
const TARGET_PERCENT = 1
const PEER = 'libx264 veryfast re-encode'

/** CPU time of `work` per second of media, as per cent of a core; `work` returns how many pictures it handled. */
async function cost(seconds, work) {
  const before = process.cpuUsage()
  const pictures = await work()
  const { user, system } = process.cpuUsage(before)
  if (pictures !== seconds * VIDEO.frameRate)
    throw new Error(`expected ${seconds * VIDEO.frameRate} pictures, got ${pictures}`)
  return ((user + system) / 1_000_000 / seconds) * 100
}

/**
 * What recording one stream costs: pictures copied, beside the same pictures decoded and encoded again, in one run.
 * @param {import('../harness/output.mjs').BenchOptions} options
 */
export async function recorder({ json, short }) {
  const seconds = short ? 20 : 120
  const say = json ? console.error : console.log
  const directory = await mkdtemp(join(tmpdir(), 'arclight-bench-'))
  try {
    say(`recorder: ${seconds} s of ${VIDEO.width}x${VIDEO.height} at ${VIDEO.frameRate} frames/s with Opus, one stream`)
    const media = makeMedia(seconds)
    await copy(media.slice(0, 200), { directory, withSound: true })
    const copied = await cost(seconds, () => copy(media, { directory, withSound: false }))
    const whole = await cost(seconds, () => copy(media, { directory, withSound: true }))
    const encoded = await cost(seconds, async () => reEncode(media))
    const rows = [
      { metric: 'pictures copied, cpu per stream', ours: copied },
      { metric: 'pictures copied and Opus to AAC, cpu per stream', ours: whole },
    ]
    for (const { metric, ours } of rows) {
      const met = ours <= TARGET_PERCENT
      const finding = { bench: 'recorder', metric, unit: '% of a core', ours, peer: encoded, peerName: PEER }
      const target = `<= ${TARGET_PERCENT} % of a core`
      if (json) console.log(JSON.stringify({ ...finding, ratio: ours / encoded, target, met }))
      say(
        `${metric}: ${ours.toFixed(3)} %, ${PEER} ${encoded.toFixed(2)} %, ` +
          `${(encoded / ours).toFixed(0)} times cheaper; target ${target}: ${met ? 'met' : 'MISSED'}`,
      )
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
