import type { ReplyData, RequestData } from '@arclight/core/protocol'
import type { Caller, Handler, Services, Stranger } from './handler.ts'

type Reply = ReplyData<'session.resume'>

/** Gives the connection back everything that it declares, as far as it still may have it. */
export const resume: Handler<'session.resume', Stranger> = async (data, stranger, services) => {
  const identity = await services.accounts.byToken(data.token)
  const caller = stranger.authenticate(identity)
  const channels: Reply['channels'] = {}
  for (const id of Object.keys(data.cursors)) channels[id] = rejoin(id, caller, services)
  const voice = data.voice && resumeVoice(data.voice, caller, services)
  const recordings = data.recordings && resumeRecordings(data.recordings, caller, services)
  return {
    user: identity.account,
    token: identity.token,
    channels,
    ...(voice ? { voice } : {}),
    ...(recordings ? { recordings } : {}),
  }
}

function resumeRecordings(
  declared: NonNullable<RequestData<'session.resume'>['recordings']>,
  { identity, outgoing, place }: Caller,
  { recordings }: Services,
): NonNullable<Reply['recordings']> {
  const resumed: NonNullable<Reply['recordings']> = {}
  for (const { recording, tracks } of declared) {
    const recorder = recordings.find(identity.account.id, recording)
    recorder?.attach({ publisher: place, outgoing })
    resumed[recording] = recorder
      ? Object.fromEntries(tracks.map((track) => [track.key, recorder.publish(track)]))
      : 'gone'
  }
  return resumed
}

function rejoin(id: string, { identity, outgoing }: Caller, { channels }: Services): Reply['channels'][string] {
  if (!channels.allows(id, identity.account.id, 'read')) return 'gone'
  const { epoch, head } = channels.join(id, outgoing)
  return { epoch, head }
}

function resumeVoice(
  declared: { channel: string; muted: boolean; deafened: boolean; tracks: { key: string; format: TrackFormat }[] },
  { identity, place }: Caller,
  { channels, rooms }: Services,
): NonNullable<Reply['voice']> {
  const { channel } = declared
  if (!channels.allows(channel, identity.account.id, 'talk') || channels.get(channel).kind !== 'voice') return 'gone'
  rooms.join(place, channel, declared)
  const tracks: Record<string, number> = {}
  for (const track of declared.tracks) tracks[track.key] = rooms.publish(place, track).track
  const members = [...(place.room?.members.values() ?? [])].map((member) => member.summary())
  return { channel, member: place.id, members, tracks }
}

type TrackFormat = Parameters<Services['rooms']['publish']>[1]['format']
