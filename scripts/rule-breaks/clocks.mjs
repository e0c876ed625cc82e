const MEDIA_LINK = 'packages/core/src/client/media-link.ts'
const OFFSET = 'packages/core/src/time/clock-offset.ts'

export default {
  'PROBE-4': {
    file: MEDIA_LINK,
    find: '    this.#probe(now)\n    this.#cancelCheck?.()\n',
    replace: '    this.#cancelCheck?.()\n',
  },
  'PROBE-4 time': {
    file: MEDIA_LINK,
    find: 'const CHECK_MS: Milliseconds = 5_000',
    replace: 'const CHECK_MS: Milliseconds = 6_000',
  },
  'PROBE-4 slept': { file: MEDIA_LINK, find: 'if (now - due >= this.#heartbeatMs) this', replace: 'if (false) this' },
  'CLOCK-1': { file: OFFSET, find: 'peer - (now - roundTrip / 2)', replace: 'peer - now' },
  'CLOCK-1 eight': { file: OFFSET, find: 'const SAMPLES = 8', replace: 'const SAMPLES = 9' },
  'CLOCK-1 shortest': {
    file: OFFSET,
    find: 'sample.roundTrip < best.roundTrip',
    replace: 'sample.roundTrip > best.roundTrip',
  },
  // The wall clock as it stood a second ago.
  'CLOCK-2': {
    file: 'packages/server/src/session.ts',
    find: 'wall: Math.round(services.clock.wall())',
    replace: 'wall: Math.round(services.clock.wall()) - 1_000',
  },
  'CLOCK-2 client': {
    file: 'packages/core/src/client/server-clock.ts',
    find: 'return this.#clock.now() + offset + this.#wallOrigin',
    replace: 'return this.#clock.wall()',
  },
  'CLOCK-2 expiry': {
    file: 'packages/core/src/client/session.ts',
    find: 'wall: () => connection.clock.wall()',
    replace: 'wall: () => clock.wall()',
  },
}
