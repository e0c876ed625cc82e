import { say, sayTable } from '../harness/output.mjs'
import { peers } from './peers.mjs'

const HEAD = [
  'peer',
  'in/s',
  'out/s',
  'arrived',
  'p50 ms',
  'p99 ms',
  'server CPU',
  'load CPU',
  'others',
  'late p99',
  'B/frame in',
  'out',
  'out, all',
  '',
]

/** @param {Record<import('./peers.mjs').PeerName, import('./ramp.mjs').Ramp>} ramps */
export function sayMeasurements(ramps) {
  const rows = Object.entries(ramps).flatMap(([name, { points }]) =>
    points.map((point) => row(peers[/** @type {import('./peers.mjs').PeerName} */ (name)].title, point)),
  )
  say()
  sayTable([HEAD, ...rows])
  say()
  say('p50, p99: from the scheduled time. others: cores that processes outside the bench used meanwhile.')
  say('late p99: how late, in ms, the load sent. B/frame out: media alone; all: with probes and pings.')
  const full = Object.values(ramps).flatMap(({ points }) => points.filter((point) => point.loadFull))
  if (full.length > 0) say('Where the load was full, the figures are its limit as much as the server’s.')
}

/** @param {string} title @param {import('./ramp.mjs').Point} point */
function row(title, point) {
  const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`
  return [
    title,
    String(point.rate),
    String(Math.round(point.delivered)),
    `${(100 * point.share).toFixed(1)} %`,
    point.p50.toFixed(2),
    point.p99.toFixed(2),
    percent(point.cpu),
    percent(point.loadCpu),
    percent(point.othersCpu),
    point.lateP99.toFixed(2),
    point.bytesIn.toFixed(0),
    point.bytesOut.toFixed(0),
    point.bytesAll.toFixed(1),
    [point.served ? '' : 'not served', point.loadFull ? 'load full' : '', point.disturbed ? 'disturbed' : '']
      .filter(Boolean)
      .join(', '),
  ]
}
