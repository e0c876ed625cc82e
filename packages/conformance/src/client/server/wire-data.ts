import type { Account, ChannelSummary, SessionHello, VoiceMember } from '@arclight/core/protocol'

const DAY = 86_400_000

/** Who signs in, whatever the name. */
export const ACCOUNT: Account = { id: 'u1', name: 'mei', role: 'member' }
/** Who else writes. */
export const OTHER = { id: 'u2', name: 'ben' } as const
export const PASSWORD = 'correct horse battery'
export const FIRST_TOKEN = 'the-first-token-of-mei'
/** The channels that there are. */
export const CHANNELS: readonly Pick<ChannelSummary, 'id' | 'kind'>[] = [
  { id: 'general', kind: 'text' },
  { id: 'random', kind: 'text' },
  { id: 'lounge', kind: 'voice' },
]

/** `wall` is what the server takes the time for. */
export function helloAt(wall: number, session = 5_000_000_000): SessionHello {
  const limits = { controlBytes: 65_536, mediaBytes: 1_048_576, messageText: 4_000, page: 100, pendingRequests: 256 }
  const capabilities = ['chat', 'voice', 'channels', 'edits', 'reads', 'presence']
  return { server: 'kit', capabilities, registration: 'open', limits, clock: { session, wall } }
}

/** The reply to an authentication at this time: good for 30 days, to be refreshed after 15. */
export function grantAt(wall: number, token: string) {
  return { token, session: 'session-of-mei', expiresAt: wall + 30 * DAY, refreshAt: wall + 15 * DAY }
}

export function ownMember(state: { muted: boolean; deafened: boolean }): VoiceMember {
  const { id, name } = ACCOUNT
  return {
    member: 'm1',
    user: { id, name },
    muted: state.muted,
    deafened: state.deafened,
    reconnecting: false,
    tracks: [],
  }
}
