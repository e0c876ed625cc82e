import { seededRandom } from '@arclight/core/testing'

/** @typedef {{ at: number, speaker: number }} Slot */

/**
 * When each speaker sends: evenly, as a codec's frames come, from a phase of its own.
 * @param {{ rate: number, speakers: number, from: number, end: number, seed: number }} plan
 * @returns {Slot[]} in the order of time
 */
export function makeSchedule({ rate, speakers, from, end, seed }) {
  const random = seededRandom(seed)
  const period = (1000 * speakers) / rate
  const slots = []
  for (let speaker = 0; speaker < speakers; speaker++) {
    for (let at = from + random() * period; at < end; at += period) slots.push({ at, speaker })
  }
  return slots.sort((one, other) => one.at - other.at)
}
