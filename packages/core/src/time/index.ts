export type { Cancel, Clock } from './clock.ts'
export { clockFrom, type PlatformTime } from './clock-from.ts'
export { type Microseconds, type Milliseconds, toMicroseconds } from './units.ts'
export { WindowedMinimum } from './windowed-minimum.ts'
