import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withChildren } from '../harness/child.mjs'
import { findCores, Patience, sayMachine } from '../harness/cores.mjs'
import { sayFindings } from '../harness/findings.mjs'
import { keepStdoutFor, say } from '../harness/output.mjs'
import { Contestant, compete } from './contest.mjs'
import { sayContest, sayLegend } from './report.mjs'
import { CHANNELS, SENDERS, shapes, TEXT } from './shapes.mjs'
import { buildSlowSync, SLOW_SYNC_MS } from './slow-sync.mjs'
import { Store } from './store.mjs'
import { notSlowed, shapeFindings, slowedFindings, voiceFinding } from './targets.mjs'
import { voiceBesideChat } from './voice.mjs'

/** `quietMs`: what all may wait together for a quiet machine. */
const FULL = {
  depths: [4, 16, 64],
  rounds: 2,
  warmUpMs: 1_000,
  measureMs: 3_000,
  voice: { rounds: 2, measureMs: 8_000 },
  quietMs: 90_000,
}
const SHORT = {
  depths: [8],
  rounds: 0,
  warmUpMs: 300,
  measureMs: 800,
  voice: { rounds: 1, measureMs: 1_500 },
  quietMs: 5_000,
}

/** Where each commit waits, a server that makes one for each message is full with one message of each sender. */
const SLOWED_PLAIN_DEPTHS = [1]

/** @typedef {import('./peers.mjs').ChatPeerName} ChatPeerName @typedef {import('./shapes.mjs').ShapeName} ShapeName */

/**
 * How many messages a second are stored, answered and delivered on one core: Arclight beside Socket.IO with SQLite.
 * @param {import('../harness/output.mjs').BenchOptions} options
 */
export async function chat({ json, short, seed, profile }) {
  keepStdoutFor(json)
  const { voice, quietMs, ...figures } = short ? SHORT : FULL
  const [cores, plan] = [findCores(), { ...figures, patience: new Patience(quietMs), seed }]
  say(`chat: ${SENDERS} senders, messages of ${TEXT.length} characters, each on disk before its reply, seed ${seed}`)
  sayMachine(cores)
  const directory = await mkdtemp(join(tmpdir(), 'arclight-bench-'))
  try {
    await withChildren(async () => {
      const store = new Store(directory)
      await store.make({ channels: CHANNELS, accounts: SENDERS })
      const slow = buildSlowSync(directory)
      /** @type {import('../harness/findings.mjs').Finding[]} */
      const findings = []
      for (const shape of /** @type {ShapeName[]} */ (Object.keys(shapes))) {
        const [parts, { title }] = [{ shape, store, cores, env: {}, profile }, shapes[shape]]
        findings.push(...shapeFindings(shape, await contest(title, parts, plan)))
        if ('env' in slow) {
          const slowed = await contest(`${title}, sync of ${SLOW_SYNC_MS} ms`, { ...parts, env: slow.env }, plan)
          findings.push(...slowedFindings(shape, slowed))
        } else findings.push(notSlowed(shape, slow.missing))
        findings.push(voiceFinding(shape, await voiceBesideChat(parts, { ...plan, ...voice })))
      }
      sayLegend()
      sayFindings('chat', findings, json)
    })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** @typedef {Omit<import('./rig.mjs').RigParts, 'peer'>} Parts */

/** All servers at one shape. @param {string} title @param {Parts} parts @param {import('./contest.mjs').ContestPlan} plan */
async function contest(title, parts, plan) {
  const isSlowed = Object.keys(parts.env).length > 0
  const contestant = (/** @type {ChatPeerName} */ peer) => {
    const depths = isSlowed && peer === 'socketIo' ? SLOWED_PLAIN_DEPTHS : plan.depths
    const profile = peer === 'arclight' ? parts.profile : undefined
    return new Contestant({ ...parts, peer, profile }, { ...plan, depths })
  }
  const field = { arclight: contestant('arclight'), socketIo: contestant('socketIo'), grouped: contestant('grouped') }
  await compete(Object.values(field), plan.rounds)
  sayContest(title, Object.values(field))
  const most = 1_000 / SLOW_SYNC_MS
  const plain = field.socketIo.best?.rate ?? 0
  if (isSlowed && plain > most)
    throw new Error(`syncs were not slowed: ${plain} a second, of ${most} that there can be`)
  return field
}
