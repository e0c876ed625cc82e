import { say } from '../harness/output.mjs'
import { Call, lateness } from './call.mjs'
import { Rig } from './rig.mjs'
import { shapes } from './shapes.mjs'

/** How late frames are: `alone`, and `beside` chat at half of its goal, with what the chat did meanwhile. */
/** @typedef {{ rate: number, alone: Lateness, beside: Lateness, chat: import('./rig.mjs').ChatResult[] }} VoiceBesideChat */
/** @typedef {ReturnType<typeof lateness>} Lateness */

/**
 * A call on a server where others chat, by turns in peace and beside them.
 * @param {Omit<import('./rig.mjs').RigParts, 'peer' | 'background'>} parts
 * @param {{ rounds: number, warmUpMs: number, measureMs: number, patience: import('../harness/cores.mjs').Patience, seed: number }} plan
 * @returns {Promise<VoiceBesideChat>}
 */
export async function voiceBesideChat(parts, { rounds, patience, ...plan }) {
  const { title, goal } = shapes[parts.shape]
  const rate = goal / 2
  // Frames must not wait for the reading that in the world happens on other machines.
  const rig = new Rig({ ...parts, peer: 'arclight', background: true })
  const call = new Call(parts.cores, plan.seed)
  await rig.start()
  await call.enter(rig.port, parts.store.tokens[0])
  const [alone, beside, chat] = [[], [], []].map((of) => /** @type {any[]} */ (of))
  for (let round = 0; round < rounds; round++) {
    await patience.quiet()
    alone.push(await call.alone(plan))
    chat.push(
      await rig.measure({ rate, ...plan }, async (window) => {
        beside.push(await call.during(window))
      }),
    )
  }
  await call.stop()
  await rig.stop()
  const result = { rate, alone: lateness(alone), beside: lateness(beside), chat }
  say(
    `Voice beside ${title}, ${rate} messages/s: p99 ${result.beside.p99.toFixed(2)} ms, ` +
      `alone ${result.alone.p99.toFixed(2)} ms`,
  )
  return result
}
