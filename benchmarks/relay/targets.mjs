import { noted } from '../harness/findings.mjs'
import { PAYLOAD_BYTES } from './payload.mjs'
import { peers } from './peers.mjs'

/** @typedef {import('../harness/findings.mjs').Finding} Finding */
/** @typedef {import('./ramp.mjs').Ramp} Ramp @typedef {Record<import('./peers.mjs').PeerName, Ramp>} Ramps */

/** The relay rows of the voice targets. @param {Ramps} ramps @returns {Finding[]} */
export function findings(ramps) {
  return [
    highestRate(ramps, 'socketIo', 5),
    highestRate(ramps, 'wsLoop', 2),
    cpuAtPeersBest(ramps, 'socketIo', 0.4),
    cpuAtPeersBest(ramps, 'wsLoop', 0.6),
    addedLatency(ramps, 200, 2),
    addedLatency(ramps, 1200, 5),
    addedBytes(ramps, 'server to client', 'bytesOut', 20),
    addedBytes(ramps, 'client to server', 'bytesIn', 24),
  ]
}

/** @param {Ramps} ramps @param {'socketIo' | 'wsLoop'} name @param {number} least @returns {Finding} */
function highestRate(ramps, name, least) {
  const [mine, theirs] = [ramps.arclight.best, ramps[name].best]
  const ratio = mine && theirs ? mine.rate / theirs.rate : null
  const doubt = doubtOf(ramps, name)
  const limit = limitOf(ramps.arclight)
  return {
    metric: `highest rate served with p99 < 20 ms, against ${peers[name].title}`,
    unit: 'frames/s in',
    ...compared(mine?.rate, theirs?.rate, name),
    ratio,
    target: `>= ${least} x`,
    met: ratio !== null && ratio >= least && !doubt,
    ...noted([limit && `at least: ${limit}`, doubt]),
  }
}

/** @param {Ramps} ramps @param {'socketIo' | 'wsLoop'} name @param {number} most @returns {Finding} */
function cpuAtPeersBest(ramps, name, most) {
  const theirs = ramps[name].best
  const mine = at(ramps.arclight, theirs?.rate)
  const ratio = mine && theirs ? mine.cpu / theirs.cpu : null
  const doubt = doubtOf(ramps, name)
  return {
    metric: `server CPU at ${theirs?.rate ?? '-'} frames/s in, the most ${peers[name].title} serves`,
    unit: 'cores',
    ...compared(mine?.cpu, theirs?.cpu, name),
    ratio,
    target: `<= ${most} x`,
    met: ratio !== null && ratio <= most && !doubt,
    ...noted([doubt]),
  }
}

/** @param {Ramps} ramps @param {number} rate @param {number} most @returns {Finding} */
function addedLatency(ramps, rate, most) {
  const [mine, floor] = [at(ramps.arclight, rate), at(ramps.echo, rate)]
  const added = mine && floor ? mine.p99 - floor.p99 : null
  const doubt = floor?.disturbed ? `void: other processes disturbed the ${peers.echo.title}` : ''
  return {
    metric: `p99 above an echo server's at ${rate} frames/s in`,
    unit: 'ms',
    ...compared(added ?? undefined, floor?.p99, 'echo'),
    ratio: null,
    target: `< ${most}`,
    met: added !== null && added < most && !doubt,
    ...noted([doubt, mine?.disturbed && 'other processes disturbed Arclight', mine?.loadFull && 'the load was full']),
  }
}

/** @param {Ramps} ramps @param {string} way @param {'bytesIn' | 'bytesOut'} field @param {number} most @returns {Finding} */
function addedBytes(ramps, way, field, most) {
  const mine = ramps.arclight.points[0][field] - PAYLOAD_BYTES
  const theirs = ramps.socketIo.points[0][field] - PAYLOAD_BYTES
  return {
    metric: `bytes added to a frame, ${way}`,
    unit: 'bytes',
    ...compared(mine, theirs, 'socketIo'),
    ratio: mine / theirs,
    target: `<= ${most}`,
    met: mine <= most,
  }
}

/** @param {number | undefined} ours @param {number | undefined} peer @param {import('./peers.mjs').PeerName} name */
function compared(ours, peer, name) {
  return { ours: ours ?? null, peer: peer ?? null, peerName: peers[name].title }
}

/** @param {Ramp} ramp @param {number | undefined} rate */
function at(ramp, rate) {
  return ramp.points.find((point) => point.rate === rate)
}

/** What stopped a ramp: the rate above its best. @param {Ramp} ramp */
function failureOf(ramp) {
  const best = ramp.best?.rate ?? 0
  return ramp.points.find((point) => point.rate > best)
}

/** Why a peer may be better than it looks, which would make Arclight look better than it is. @param {Ramps} ramps @param {'socketIo' | 'wsLoop'} name */
function doubtOf(ramps, name) {
  const [failure, { title }] = [failureOf(ramps[name]), peers[name]]
  if (!failure) return `void: ${title} served every rate offered`
  if (failure.disturbed) return `void: other processes disturbed ${title} at ${failure.rate} frames/s`
  if (failure.loadFull) return `void: at ${failure.rate} frames/s the load was full beside ${title}`
  return ''
}

/** Why Arclight may be better than it looks. @param {Ramp} ramp */
function limitOf(ramp) {
  const failure = failureOf(ramp)
  if (!failure) return 'it served the highest rate offered'
  if (failure.disturbed) return `other processes disturbed it at ${failure.rate} frames/s`
  return failure.loadFull && `the load was full at ${failure.rate} frames/s`
}
