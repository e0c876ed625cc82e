import type { ReplyData, RequestData } from '@arclight/core/protocol'
import { Refusal } from '../refusal.ts'
import { authenticated } from './auth.ts'
import type { Caller, Handler, Services, Stranger } from './handler.ts'

type Reply = ReplyData<'session.resume'>

/** Gives the connection back everything that it declares, as far as it still may have it. */
export const resume: Handler<'session.resume', Stranger> = async (data, stranger, services) => {
  const identity = await services.sessions.byToken(data.token)
  const caller = stranger.authenticate(identity)
  const channels: Reply['channels'] = {}
  for (const id of Object.keys(data.cursors)) channels[id] = rejoin(id, caller, services)
  const voice = data.voice && resumeVoice(data.voice, caller, services)
  const recordings = data.recordings && resumeRecordings(data.recordings, caller, services)
  return {
    ...authenticated(identity, services),
    channels,
    ...(voice ? { voice } : {}),
    ...(recordings ? { recordings } : {}),
  }
}

function resumeRecordings(
  declared: NonNullable<RequestData<'session.resume'>['recordings']>,
  { identity, outgoing, voice }: Caller,
  { recordings }: Services,
): NonNullable<Reply['recordings']> {
  const resumed: NonNullable<Reply['recordings']> = {}
  for (const { recording, tracks } of declared) {
    const recorder = recordings.find(identity.account.id, recording)
    recorder?.attach({ publisher: voice, outgoing })
    resumed[recording] = orGone(() =>
      recorder ? Object.fromEntries(tracks.map((track) => [track.key, recorder.publish(track)])) : 'gone',
    )
  }
  return resumed
}

/** What cannot be taken up again is gone; the rest of the resume, and the connection, stand. */
function orGone<Part>(take: () => Part): Part | 'gone' {
  try {
    return take()
  } catch (error) {
    if (error instanceof Refusal) return 'gone'
    throw error
  }
}

function rejoin(id: string, { identity, outgoing }: Caller, { channels, typing }: Services): Reply['channels'][string] {
  if (!channels.allows(id, identity.account, 'read')) return 'gone'
  const { epoch, head } = channels.join(id, outgoing)
  typing.welcome(id, outgoing)
  return { epoch, head }
}

function resumeVoice(
  declared: NonNullable<RequestData<'session.resume'>['voice']>,
  { identity, voice }: Caller,
  { channels, rooms }: Services,
): NonNullable<Reply['voice']> {
  const { device } = declared
  const channel = rooms.whereabouts(identity.account.id, device, declared.channel)
  if (!channels.allows(channel, identity.account, 'talk') || channels.get(channel).kind !== 'voice') return 'gone'
  const place = rooms.join(voice, channel, declared)
  const tracks: Record<string, number> = {}
  for (const track of declared.tracks) {
    const published = orGone(() => rooms.publish(place, track))
    if (published !== 'gone') tracks[track.key] = published.track
  }
  return { channel, member: place.id, members: rooms.members(place), tracks }
}
