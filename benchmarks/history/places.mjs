import { seededRandom } from '@arclight/core/testing'
import { PAGE } from './readers.mjs'

/** @typedef {'head' | 'middle' | 'first page' | 'anywhere'} PlaceName */

/** How the message is picked that a page ends before; null asks for the newest page.
 * @type {Record<PlaceName, (count: number, random: () => number) => number | null>} */
const PLACES = {
  head: () => null,
  middle: (count, random) => between(0.45 * count, 0.55 * count, random),
  'first page': () => PAGE + 1,
  anywhere: (count, random) => between(PAGE + 1, count, random),
}

export const placeNames = /** @type {PlaceName[]} */ (Object.keys(PLACES))

/** @param {{ seed: number, count: number, place: PlaceName, pages: number }} what */
export function pickPlaces({ seed, count, place, pages }) {
  const random = seededRandom(seed)
  return Array.from({ length: pages }, () => PLACES[place](count, random))
}

/** @param {number} least @param {number} most @param {() => number} random */
function between(least, most, random) {
  return Math.floor(least + random() * (most - least))
}
