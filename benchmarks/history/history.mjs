import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child, SERVER_PROCESS, withChildren } from '../harness/child.mjs'
import { findCores, sayMachine, watchOthers } from '../harness/cores.mjs'
import { sayFindings } from '../harness/findings.mjs'
import { keepStdoutFor, say } from '../harness/output.mjs'
import { decodeSorted, quantile } from '../harness/samples.mjs'
import { fillStores } from './fill.mjs'
import { pickPlaces, placeNames } from './places.mjs'
import { PAGE } from './readers.mjs'
import { findings, sayPages } from './targets.mjs'

/** `pages`: of each place in each round; an OFFSET is slow enough with a tenth of them. */
const FULL = { count: 1_000_000, rounds: 10, pages: 200 }
const SHORT = { count: 100_000, rounds: 4, pages: 100 }
const OFFSET_SHARE = 0.1
const READER_PROCESS = new URL('./reader-process.mjs', import.meta.url)
const READING_MS = 120_000

/**
 * What a page of a long channel takes at its head, in its middle and at its beginning, through the whole server:
 * Arclight beside Socket.IO with SQLite.
 * @param {import('../harness/output.mjs').BenchOptions} options
 */
export async function history({ json, short, seed }) {
  keepStdoutFor(json)
  const [cores, plan] = [findCores(), short ? SHORT : FULL]
  say(`history: a channel of ${plan.count} messages, pages of ${PAGE}, one reader, seed ${seed}`)
  sayMachine(cores)
  const directory = await mkdtemp(join(tmpdir(), 'arclight-bench-'))
  try {
    await withChildren(async () => {
      const stores = await fillStores(directory, plan.count)
      const child = new Child(READER_PROCESS, { cores: cores?.load })
      const children = [child]
      for (const { name, reader, server, options, token } of stores) {
        const process = new Child(SERVER_PROCESS, { cores: cores?.server })
        children.push(process)
        const port = await process.call('start', { server, ...options })
        await child.call('enter', { name, reader, port, token })
      }
      const names = stores.map(({ name }) => name)
      const others = await watchOthers(children)
      const pages = await readRounds(child, names, { ...plan, seed })
      const disturbance = await others()
      sayPages(names, pages)
      sayFindings('history', findings({ count: plan.count, names, pages, disturbance }), json)
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** @typedef {{ p50: number, p99: number }} PageTimes Milliseconds. */
/** @typedef {(store: string, place: import('./places.mjs').PlaceName) => PageTimes} Pages */

/**
 * Every store in its turn at every place, many times, so that what else the machine does meets all alike.
 * @param {Child} child @param {readonly string[]} names @param {{ count: number, rounds: number, pages: number, seed: number }} plan
 * @returns {Promise<Pages>}
 */
async function readRounds(child, names, { count, rounds, pages, seed }) {
  /** @type {Map<string, number[]>} */
  const latencies = new Map()
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const place of placeNames) {
      for (const name of names) {
        const share = name.includes('OFFSET') ? OFFSET_SHARE : 1
        const anchors = pickPlaces({ seed: seed + round, count, place, pages: Math.ceil(pages * share) })
        const read = decodeSorted(await child.call('read', { name, count, anchors }, READING_MS))
        const key = `${name} ${place}`
        if (round > 0) latencies.set(key, [...(latencies.get(key) ?? []), ...read])
      }
    }
  }
  return (name, place) => {
    const sorted = Float64Array.from(latencies.get(`${name} ${place}`) ?? []).sort()
    return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) }
  }
}
