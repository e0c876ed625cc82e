const OUTGOING = 'packages/server/src/delivery/outgoing.ts'

export default {
  // Media goes before replies.
  'TURN-1': { file: OUTGOING, find: 'chunks.push(...this.#media)', replace: 'chunks.unshift(...this.#media)' },
  // What is dropped is not told.
  'TURN-2': {
    file: 'packages/server/src/delivery/durable-queue.ts',
    find: '    this.forget(channel)\n    this.#lagging.set(channel, block.seq)\n',
    replace: '    this.forget(channel)\n',
  },
  // The last round trip instead of the least: a queue that is there already counts as the path.
  'GATE-1': {
    file: 'packages/core/src/state/media-gate.ts',
    find: 'probes.minimumRoundTrip ??',
    replace: 'probes.roundTrip ??',
  },
  'GATE-2': {
    file: 'packages/core/src/state/kept-media.ts',
    find: 'discontinuity: this.#broken.delete(track)',
    replace: 'discontinuity: this.#broken.delete(track) && false',
  },
  'GATE-3': { file: OUTGOING, find: 'const VOICE_SLICE_BYTES = 16_384', replace: 'const VOICE_SLICE_BYTES = 65_536' },
  // Each message in a write of its own.
  'TURN-1 write': {
    file: OUTGOING,
    find: '    this.#control.push(frame)\n    this.#add()',
    replace: '    this.#control.push(frame)\n    this.flush()',
  },
  'TURN-2 client': {
    file: 'packages/core/src/client/channels/live-log.ts',
    find: "    if (this.#state.name === 'joined') this.learn(",
    replace: '    if (head < 0) this.learn(',
  },
  'GATE-1 server': {
    file: OUTGOING,
    find: 'if (!isGateOpen(this.probes, now)) return this.#kept.keep',
    replace: 'if (false) return this.#kept.keep',
  },
  'GATE-1 client': {
    file: 'packages/core/src/client/media-link.ts',
    find: 'if (!isGateOpen(this.#probes, now)) return this.#kept.keep',
    replace: 'if (false) return this.#kept.keep',
  },
  'GATE-2 keep': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'gateKeepMs: 100',
    replace: 'gateKeepMs: 120',
  },
  'TURN-2 bytes': {
    file: 'packages/server/src/delivery/durable-queue.ts',
    find: 'const MOST_BYTES = 1_048_576',
    replace: 'const MOST_BYTES = 2_097_152',
  },
  'GATE-2 counted': {
    file: 'packages/core/src/state/kept-media.ts',
    find: '    this.#dropped += expired\n',
    replace: '',
  },
}
