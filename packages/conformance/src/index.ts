import { CAPABILITIES, requests } from '@arclight/core/protocol'

/** What the kit will prove: the capabilities, and the requests that a complete server answers. */
export const COVERED = { capabilities: CAPABILITIES, requests: Object.keys(requests).sort() } as const
