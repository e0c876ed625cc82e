import { seededRandom } from '@arclight/core/testing'

/** @typedef {{ at: number, speaker: number }} Slot */

/**
 * When each speaker sends: a frame in each period, at a random time of it, as networks between us and them make of even
 * frames. Even times would let the seed alone decide how often two frames meet.
 * @param {{ rate: number, speakers: number, from: number, end: number, seed: number }} plan
 * @returns {Slot[]} in the order of time
 */
export function makeSchedule({ rate, speakers, from, end, seed }) {
  const random = seededRandom(seed)
  const period = (1000 * speakers) / rate
  const slots = []
  for (let speaker = 0; speaker < speakers; speaker++) {
    for (let tick = from; tick + period <= end; tick += period) slots.push({ at: tick + random() * period, speaker })
  }
  return slots.sort((one, other) => one.at - other.at)
}
