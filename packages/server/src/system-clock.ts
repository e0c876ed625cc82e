import { clockFrom } from '@arclight/core'

/** The machine's own time. */
export const systemClock = clockFrom(globalThis)
