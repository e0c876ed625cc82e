import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const join: Handler<'voice.join', Caller> = (data, { identity, voice }, { channels, rooms }) => {
  const { channel } = data
  if (channels.allowed(channel, identity.account, 'talk').summary.kind !== 'voice') {
    throw new Refusal('forbidden', 'that channel is not for voice')
  }
  const place = rooms.join(voice, channel, data)
  return { channel, member: place.id, members: rooms.members(place) }
}

export const leave: Handler<'voice.leave', Caller> = (data, { identity, voice: { place } }, { channels, rooms }) => {
  channels.allowed(data.channel, identity.account, 'read')
  if (place?.room.channel === data.channel) rooms.leave(place)
  return {}
}

export const update: Handler<'voice.update', Caller> = (data, { voice: { place } }, { rooms }) => {
  if (place?.room.channel !== data.channel) throw Refusal.notFound('voice channel that you are in')
  rooms.update(place, data)
  return {}
}

export const moderate: Handler<'voice.moderate', Caller> = async (data, { identity }, { voiceModeration }) => {
  await voiceModeration.moderate(data, identity.account)
  return {}
}

export const move: Handler<'voice.move', Caller> = async (data, { identity }, { voiceModeration }) => {
  await voiceModeration.move(data, identity.account)
  return {}
}
