import { DISTURBED } from '../harness/cores.mjs'
import { NO_TARGET, noted } from '../harness/findings.mjs'
import { say, sayTable } from '../harness/output.mjs'
import { placeNames } from './places.mjs'

const MOST_PAGE_MS = 5

/** @typedef {import('./history.mjs').Pages} Pages */

/** Every place side by side. @param {readonly string[]} names @param {Pages} pages */
export function sayPages(names, pages) {
  const columns = placeNames.flatMap((place) => [`${place}: p50`, 'p99'])
  const rows = names.map((name) => {
    const times = placeNames.map((place) => pages(name, place))
    return [name, ...times.flatMap(({ p50, p99 }) => [p50.toFixed(2), p99.toFixed(2)])]
  })
  say()
  sayTable([['ms to a page', ...columns], ...rows])
}

/**
 * Each of our storages against each of the peers. `disturbance`: cores that other processes used meanwhile.
 * @param {{ count: number, names: readonly string[], pages: Pages, disturbance: number }} results
 * @returns {import('../harness/findings.mjs').Finding[]}
 */
export function findings({ count, names, pages, disturbance }) {
  const disturbed = disturbance > DISTURBED && `other processes used ${Math.round(100 * disturbance)} % of a core`

  const [ours, theirs] = [names.filter(isOurs), names.filter((name) => !isOurs(name))]
  return ours.flatMap((name) =>
    placeNames.flatMap((place) =>
      theirs.map((peerName, at) => {
        const [mine, peer] = [pages(name, place).p99, pages(peerName, place).p99]
        return {
          metric: `page p99, ${place} of ${count} messages, ${name}`,
          unit: 'ms',
          ...{ ours: mine, peer, peerName, ratio: mine / peer },
          target: at === 0 ? `< ${MOST_PAGE_MS}` : NO_TARGET,
          met: at > 0 || mine < MOST_PAGE_MS,
          ...noted([disturbed]),
        }
      }),
    ),
  )
}

/** @param {string} name */
function isOurs(name) {
  return name.startsWith('Arclight')
}
