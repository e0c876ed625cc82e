import { NO_TARGET, noted } from '../harness/findings.mjs'
import { peers } from './peers.mjs'
import { shapes } from './shapes.mjs'
import { SLOW_SYNC_MS } from './slow-sync.mjs'

const MOST_REPLY_MS = 20
const MOST_LATE_MS = 2
const LEAST_RATIO_SLOWED = 20
/** A voice figure counts beside a chat that was served. */
const LEAST_CHAT = 0.99

/** @typedef {import('../harness/findings.mjs').Finding} Finding @typedef {import('./contest.mjs').Contestant} Contestant */
/** @typedef {import('./peers.mjs').ChatPeerName} ChatPeerName @typedef {Partial<Record<ChatPeerName, Contestant>> & { arclight: Contestant }} Field */
/** @typedef {import('./shapes.mjs').ShapeName} ShapeName @typedef {import('./contest.mjs').ChatPoint} ChatPoint */

/** One shape with the disk as it is. @param {ShapeName} shape @param {Field} field @returns {Finding[]} */
export function shapeFindings(shape, field) {
  const { title, goal, leastRatio } = shapes[shape]
  return [
    highestRate(title, field, goal),
    ...(shape === 'together' ? [deliveries(title, field, goal * shapes[shape].listeners)] : []),
    perCpu(title, field, 'socketIo', leastRatio),
    ...(field.grouped ? [perCpu(title, field, 'grouped')] : []),
    reply(title, field, goal / 2),
  ]
}

/** One shape with the sync slowed, where the wait is what costs, not the CPU. @param {ShapeName} shape @param {Field} field @returns {Finding[]} */
export function slowedFindings(shape, field) {
  const title = `${shapes[shape].title}, sync of ${SLOW_SYNC_MS} ms`
  return [
    slowedRate(title, field, 'socketIo', LEAST_RATIO_SLOWED),
    ...(field.grouped ? [slowedRate(title, field, 'grouped')] : []),
    { ...reply(title, field, shapes[shape].goal / 2), target: NO_TARGET },
  ]
}

/** That the sync could not be slowed. @param {ShapeName} shape @param {string} why @returns {Finding} */
export function notSlowed(shape, why) {
  return {
    metric: `highest rate, ${shapes[shape].title}, sync of ${SLOW_SYNC_MS} ms`,
    unit: 'messages/s',
    ours: null,
    ...{ peer: null, peerName: peers.socketIo.title, ratio: null },
    target: `>= ${LEAST_RATIO_SLOWED} x`,
    ...{ met: false, note: why },
  }
}

/** @param {ShapeName} shape @param {import('./voice.mjs').VoiceBesideChat} voice @param {string} [slowed] @returns {Finding} */
export function voiceFinding(shape, { rate, alone, beside, chat }, slowed = '') {
  const added = beside.p99 - alone.p99
  const reached = Math.min(...chat.map((window) => window.rate)) / rate
  const thin = reached < LEAST_CHAT ? `void: of the chat beside it only ${Math.round(100 * reached)} % was served` : ''
  return {
    metric: `voice p99 above that without chat, ${shapes[shape].title}, ${rate} messages/s${slowed}`,
    unit: 'ms',
    ...{ ours: added, peer: alone.p99, peerName: 'the call alone', ratio: null },
    target: `< ${MOST_LATE_MS}`,
    met: added < MOST_LATE_MS && beside.share === 1 && !thin,
    ...noted([`p99 ${beside.p99.toFixed(2)} ms`, beside.share < 1 && 'frames were lost', thin]),
  }
}

/** @param {string} title @param {Field} field @param {number} goal @returns {Finding} */
function highestRate(title, { arclight, socketIo }, goal) {
  const [mine, theirs] = [arclight.best, socketIo?.best]
  return {
    metric: `durable messages, ${title}`,
    unit: 'messages/s',
    ...compared(mine?.rate, theirs?.rate, 'socketIo'),
    target: `>= ${goal}`,
    met: mine !== undefined && mine.rate >= goal,
    ...doubts(mine),
  }
}

/** @param {string} title @param {Field} field @param {number} goal @returns {Finding} */
function deliveries(title, { arclight, socketIo }, goal) {
  const [mine, theirs] = [arclight.best, socketIo?.best]
  return {
    metric: `deliveries, ${title}`,
    unit: 'messages/s',
    ...compared(mine?.deliveries, theirs?.deliveries, 'socketIo'),
    target: `>= ${goal}`,
    met: mine !== undefined && mine.deliveries >= goal,
    ...doubts(mine),
  }
}

/** @param {string} title @param {Field} field @param {ChatPeerName} name @param {number} [least] @returns {Finding} */
function perCpu(title, field, name, least) {
  const [mine, theirs] = [field.arclight.best, field[name]?.best]
  return {
    metric: `at the same CPU, ${title}`,
    unit: 'messages/CPU-s',
    ...atLeast(compared(mine?.perCpu, theirs?.perCpu, name), least, theirs),
    ...doubts(mine, theirs),
  }
}

/** @param {string} title @param {Field} field @param {ChatPeerName} name @param {number} [least] @returns {Finding} */
function slowedRate(title, field, name, least) {
  const [mine, theirs] = [field.arclight.best, field[name]?.best]
  return {
    metric: `highest rate, ${title}`,
    unit: 'messages/s',
    ...atLeast(compared(mine?.rate, theirs?.rate, name), least, theirs),
    ...doubts(mine, theirs),
  }
}

/** @param {string} title @param {Field} field @param {number} rate @returns {Finding} */
function reply(title, { arclight, socketIo }, rate) {
  const [mine, theirs] = [arclight.half, socketIo?.half]
  return {
    metric: `p99 to the reply at ${rate} messages/s, ${title}`,
    unit: 'ms',
    ...compared(mine?.p99, theirs?.p99, 'socketIo'),
    target: `< ${MOST_REPLY_MS}`,
    met: mine?.served === true && mine.p99 < MOST_REPLY_MS,
    ...noted([
      !mine && `${peers.arclight.title} does not reach it`,
      !theirs && `${peers.socketIo.title} does not reach it`,
      mine?.disturbed && 'other processes disturbed Arclight',
    ]),
  }
}

/** @param {number | undefined} ours @param {number | undefined} peer @param {ChatPeerName} name */
function compared(ours, peer, name) {
  const ratio = ours !== undefined && peer !== undefined ? ours / peer : null
  return { ours: ours ?? null, peer: peer ?? null, peerName: peers[name].title, ratio }
}

/** Void where the peer may be better than it looks. @param {ReturnType<typeof compared>} comparison @param {number | undefined} least @param {ChatPoint | undefined} theirs */
function atLeast(comparison, least, theirs) {
  const { ratio } = comparison
  const isSound = theirs !== undefined && !theirs.disturbed && !theirs.loadFull
  if (least === undefined) return { ...comparison, target: NO_TARGET, met: true }
  return { ...comparison, target: `>= ${least} x`, met: ratio !== null && ratio >= least && isSound }
}

/** Why a figure may be another than the servers' own. @param {(ChatPoint | undefined)[]} points */
function doubts(...points) {
  const titles = (/** @type {'loadFull' | 'disturbed'} */ doubt) =>
    points.flatMap((point) => (point?.[doubt] ? [point.title] : [])).join(' and ')
  const [full, disturbed] = [titles('loadFull'), titles('disturbed')]
  return noted([full && `the load was full beside ${full}`, disturbed && `other processes disturbed ${disturbed}`])
}
