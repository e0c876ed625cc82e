import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const publish: Handler<'track.publish', Caller> = (
  data,
  { identity, voice },
  { channels, recordings, rooms },
) => {
  const { key, format, to } = data
  if ('recording' in to) {
    const recorder = recordings.running(identity.account.id, to.recording)
    if (recorder.publisher !== voice) throw new Refusal('forbidden', 'another connection records this')
    return { track: recorder.publish({ key, format }).track }
  }
  channels.allowed(to.channel, identity.account, 'talk')
  const { place } = voice
  if (place?.room.channel !== to.channel) {
    throw new Refusal('forbidden', 'join the voice channel before publishing to it')
  }
  if (format.kind !== 'audio') throw new Refusal('forbidden', 'a voice channel takes audio only')
  return { track: rooms.publish(place, { key, format }).track }
}

export const unpublish: Handler<'track.unpublish', Caller> = (data, { voice }, { recordings, rooms, tracks }) => {
  const track = tracks.own(voice, data.track)
  if (!recordings.unpublish(track) && voice.place) rooms.unpublish(voice.place, track)
  return {}
}
