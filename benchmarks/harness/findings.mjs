import { say, sayTable } from './output.mjs'

/**
 * One line of the result. `note` is there where the figure is not the server's own; a void figure is not met.
 * @typedef {object} Finding
 * @property {string} metric
 * @property {string} unit
 * @property {number | null} ours
 * @property {number | null} peer
 * @property {string} peerName
 * @property {number | null} ratio
 * @property {string} target
 * @property {boolean} met
 * @property {string} [note]
 */

/** The findings as a table; with `json` on stdout too, a line each. @param {string} bench @param {readonly Finding[]} findings @param {boolean} json */
export function sayFindings(bench, findings, json) {
  say()
  const head = ['metric', 'unit', 'Arclight', 'peer', '', 'ratio', 'target', 'met']
  const rows = findings.map(({ metric, unit, ours, peer, peerName, ratio, target, met, note }) => [
    metric,
    unit,
    round(ours),
    round(peer),
    peerName,
    round(ratio),
    target,
    `${verdict(target, met)}${note ? `: ${note}` : ''}`,
  ])
  sayTable([head, ...rows])
  if (json) for (const finding of findings) process.stdout.write(`${JSON.stringify({ bench, ...finding })}\n`)
}

/** @param {string} target @param {boolean} met */
function verdict(target, met) {
  if (target === NO_TARGET) return '-'
  return met ? 'met' : 'MISSED'
}

/** The target of a figure that is there to be compared. */
export const NO_TARGET = '-'

/** `note` of what there is to say, if anything. @param {(string | false | undefined)[]} notes */
export function noted(notes) {
  const said = notes.filter(Boolean)
  return said.length > 0 ? { note: said.join('; ') } : {}
}

/** @param {number | null} value */
function round(value) {
  return value === null ? '-' : String(Math.round(value * 100) / 100)
}
