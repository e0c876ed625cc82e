import { PAYLOAD_BYTES } from './payload.mjs'
import { peers } from './peers.mjs'

/**
 * One line of the result. `note` is there where the figure is not the server's own.
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
  const notes = []
  const top = mine && mine === ramps.arclight.points.at(-1)
  if (top) notes.push('at least: Arclight served the highest rate offered')
  if (!top && nextOf(ramps.arclight)?.loadFull) notes.push('at least: the load was full past Arclight’s rate')
  if (theirs && nextOf(ramps[name])?.loadFull) notes.push(`the load was full past the ${peers[name].title}'s rate`)
  return {
    metric: `highest rate served with p99 < 20 ms, against ${peers[name].title}`,
    unit: 'frames/s in',
    ...compared(mine?.rate, theirs?.rate, name),
    ratio,
    target: `>= ${least} x`,
    met: ratio !== null && ratio >= least,
    ...noted(notes),
  }
}

/** @param {Ramps} ramps @param {'socketIo' | 'wsLoop'} name @param {number} most @returns {Finding} */
function cpuAtPeersBest(ramps, name, most) {
  const theirs = ramps[name].best
  const mine = at(ramps.arclight, theirs?.rate)
  const ratio = mine && theirs ? mine.cpu / theirs.cpu : null
  return {
    metric: `server CPU at ${theirs?.rate ?? '-'} frames/s in, the most ${peers[name].title} serves`,
    unit: 'cores',
    ...compared(mine?.cpu, theirs?.cpu, name),
    ratio,
    target: `<= ${most} x`,
    met: ratio !== null && ratio <= most,
    ...noted(mine?.loadFull || theirs?.loadFull ? ['the load was full'] : []),
  }
}

/** @param {Ramps} ramps @param {number} rate @param {number} most @returns {Finding} */
function addedLatency(ramps, rate, most) {
  const [mine, floor] = [at(ramps.arclight, rate), at(ramps.echo, rate)]
  const added = mine && floor ? mine.p99 - floor.p99 : null
  return {
    metric: `p99 above an echo server's at ${rate} frames/s in`,
    unit: 'ms',
    ...compared(added ?? undefined, floor?.p99, 'echo'),
    ratio: null,
    target: `< ${most}`,
    met: added !== null && added < most,
    ...noted(mine?.loadFull ? ['the load was full or late'] : []),
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

/** @param {string[]} notes */
function noted(notes) {
  return notes.length > 0 ? { note: notes.join('; ') } : {}
}

/** @param {Ramp} ramp @param {number | undefined} rate */
function at(ramp, rate) {
  return ramp.points.find((point) => point.rate === rate)
}

/** The rate above the best: what stopped the ramp. @param {Ramp} ramp */
function nextOf(ramp) {
  const best = ramp.best
  return ramp.points.find((point) => point.rate > (best?.rate ?? 0))
}
