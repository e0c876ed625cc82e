const OUTGOING = 'packages/server/src/delivery/outgoing.ts'

export default {
  // Media goes before replies.
  'TURN-1': { file: OUTGOING, find: 'chunks.push(...this.#media)', replace: 'chunks.unshift(...this.#media)' },
  // What is dropped is not told.
  'TURN-2': {
    file: 'packages/server/src/delivery/durable-queue.ts',
    find: '    this.forget(channel)\n    this.#lagging.set(channel, seq)\n',
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
}
