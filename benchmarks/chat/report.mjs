import { say, sayTable } from '../harness/output.mjs'

const HEAD = [
  'server',
  'load',
  'messages/s',
  'delivered/s',
  'arrived',
  'p50 ms',
  'p99 ms',
  'server CPU',
  'a CPU-second',
  'load CPU',
  'others',
  'late p99',
  '',
]

/** One contest's measurements. @param {string} title @param {readonly import('./contest.mjs').Contestant[]} contestants */
export function sayContest(title, contestants) {
  say()
  say(`${title}:`)
  sayTable([HEAD, ...contestants.flatMap(({ points }) => points.map(row))])
}

/** What the columns are. */
export function sayLegend() {
  say()
  say(
    'load: messages of each sender under way, or messages a second of all whatever comes back. p50, p99: to the reply,',
  )
  say('from the scheduled time. a CPU-second: messages per second of CPU of the server, all its threads. others: cores')
  say('that processes outside the bench used meanwhile. late p99: how late, in ms, the load sent.')
}

/** @param {import('./contest.mjs').ChatPoint} point */
function row(point) {
  const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`
  return [
    point.title,
    point.load,
    String(Math.round(point.rate)),
    String(Math.round(point.deliveries)),
    `${(100 * point.share).toFixed(1)} %`,
    point.p50.toFixed(2),
    point.p99.toFixed(2),
    percent(point.cpu),
    String(Math.round(point.perCpu)),
    percent(point.loadCpu),
    percent(point.othersCpu),
    point.lateP99.toFixed(2),
    [point.served ? '' : 'not served', point.loadFull ? 'load full' : '', point.disturbed ? 'disturbed' : '']
      .filter(Boolean)
      .join(', '),
  ]
}
