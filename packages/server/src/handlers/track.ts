import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const publish: Handler<'track.publish', Caller> = (
  data,
  { identity, place },
  { channels, recordings, rooms },
) => {
  const { key, format, to } = data
  if ('recording' in to) {
    const recorder = recordings.running(identity.account.id, to.recording)
    if (recorder.publisher !== place) throw new Refusal('forbidden', 'another connection records this')
    return { track: recorder.publish({ key, format }).track }
  }
  channels.allowed(to.channel, identity.account.id, 'talk')
  if (place.room?.channel !== to.channel) {
    throw new Refusal('forbidden', 'join the voice channel before publishing to it')
  }
  if (format.kind !== 'audio') throw new Refusal('forbidden', 'a voice channel takes audio only')
  return { track: rooms.publish(place, { key, format }).track }
}

export const unpublish: Handler<'track.unpublish', Caller> = (data, { place }, { recordings, rooms, tracks }) => {
  const track = tracks.own(place, data.track)
  if (!recordings.unpublish(track)) rooms.unpublish(place, track)
  return {}
}
