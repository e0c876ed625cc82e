import type { Answers } from './scripted-peer.ts'
import { channelAt, MEI, memberNamed, messageAt, SIGNED_IN } from './wire-data.ts'

/** A server that says yes: every channel's head is where the client thinks it is, 41 at first. */
export function defaultAnswers(): Answers {
  let nextSeq = 42
  return {
    'auth.login': () => SIGNED_IN,
    'auth.register': () => SIGNED_IN,
    'auth.logout': () => ({}),
    'session.resume': ({ cursors, voice }) => {
      const channels = Object.entries(cursors).map(([id, { epoch, seq }]) => [id, { epoch, head: seq }])
      const tracks = voice?.tracks.map(({ key }, index) => [key, 101 + index]) ?? []
      const place = voice && { channel: voice.channel, member: 'm-mei', members: [memberNamed('mei')] }
      return {
        ...SIGNED_IN,
        channels: Object.fromEntries(channels),
        ...(place ? { voice: { ...place, tracks: Object.fromEntries(tracks) } } : {}),
      }
    },
    'channel.list': () => ({ channels: [channelAt(41)] }),
    'channel.join': ({ channel }) => ({ channel: channelAt(41, channel) }),
    'channel.leave': () => ({}),
    'message.send': ({ channel, clientId, text }) => ({
      message: { ...messageAt(nextSeq++, channel), clientId, text, author: { id: MEI.id, name: MEI.name } },
    }),
    'voice.join': ({ channel }) => ({ channel, member: 'm-mei', members: [memberNamed('mei'), memberNamed('ben')] }),
    'voice.leave': () => ({}),
    'voice.update': () => ({}),
    'track.publish': () => ({ track: 7 }),
    'track.unpublish': () => ({}),
  }
}
