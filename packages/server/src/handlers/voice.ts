import { Refusal } from '../refusal.ts'
import type { Caller, Handler } from './handler.ts'

export const join: Handler<'voice.join', Caller> = (data, { identity, place }, { channels, rooms }) => {
  if (channels.allowed(data.channel, identity.account.id, 'talk').kind !== 'voice')
    throw new Refusal('forbidden', 'that channel is not for voice')
  return { channel: data.channel, member: place.id, members: rooms.join(place, data.channel, data) }
}

export const leave: Handler<'voice.leave', Caller> = (data, { place }, { channels, rooms }) => {
  channels.get(data.channel)
  if (place.room?.channel === data.channel) rooms.leave(place)
  return {}
}

export const update: Handler<'voice.update', Caller> = (data, { place }, { rooms }) => {
  if (place.room?.channel !== data.channel) throw Refusal.notFound('voice channel that you are in')
  rooms.update(place, data)
  return {}
}
