import type { ChannelSummary, RecordingSummary } from '@arclight/core'

/** What somebody wants to do, and with what. */
export type Wish =
  | { readonly to: 'read' | 'write' | 'talk'; readonly channel: ChannelSummary }
  | { readonly to: 'have'; readonly recording: Pick<RecordingSummary, 'owner'> }

/**
 * Whether a user may: the only place that decides it, for requests, resumes, routes and links alike. Everybody signed
 * in may use every channel; a recording is its owner's alone. Who may not is told that there is no such thing.
 */
export function may(user: string, wish: Wish): boolean {
  return wish.to === 'have' ? wish.recording.owner.id === user : true
}
