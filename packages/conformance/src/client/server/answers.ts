import type { ReplyData, RequestData, RequestType } from '@arclight/core/protocol'
import { LIMITS } from '@arclight/core/protocol'
import type { KitConnection } from './kit-connection.ts'
import type { KitServer } from './kit-server.ts'
import { ACCOUNT, CHANNELS, grantAt, ownMember } from './wire-data.ts'

/** A reply, a refusal, or none: the client waits. */
export type Says =
  | { readonly data: object }
  | { readonly error: { readonly code: string } & Record<string, unknown> }
  | undefined

/** What the server does with a request. */
export type Answer = (data: never, connection: KitConnection) => Says

/** A refusal as the protocol has it. */
export function refusal(
  code: string,
  more: { retryable?: boolean; retryAfterMs?: number } = {},
): Exclude<Says, undefined> {
  return { error: { code, message: `refused: ${code}`, retryable: more.retryable ?? false, ...more } }
}

/** What a server that does nothing wrong answers. */
export function goodAnswers(server: KitServer): Record<string, Answer> {
  const summaryOf = (id: string) => {
    const { epoch, head } = server.log(id)
    return { id, name: id, kind: CHANNELS.find((one) => one.id === id)?.kind ?? 'text', epoch, head }
  }
  const own = typed({
    'auth.login': () => ({ user: ACCOUNT, ...grantAt(server.wall(), server.token) }),
    'auth.register': () => ({ user: ACCOUNT, ...grantAt(server.wall(), server.token) }),
    'auth.refresh': () => grantAt(server.wall(), server.token),
    'auth.logout': () => ({}),
    'session.resume': ({ cursors, voice }, connection) => {
      for (const id of Object.keys(cursors)) connection.joined.add(id)
      const heads = Object.keys(cursors).map((id) => [id, { epoch: server.log(id).epoch, head: server.log(id).head }])
      const tracks = voice?.tracks.map(({ key }) => [key, server.nextTrack(connection)]) ?? []
      const place = voice && { channel: voice.channel, member: 'm1', members: [ownMember(voice)] }
      return {
        user: ACCOUNT,
        ...grantAt(server.wall(), server.token),
        channels: Object.fromEntries(heads),
        ...(place ? { voice: { ...place, tracks: Object.fromEntries(tracks) } } : {}),
      }
    },
    'channel.list': () => ({ channels: CHANNELS.map(({ id }) => ({ ...summaryOf(id), read: server.marker(id) })) }),
    'channel.join': ({ channel }, connection) => {
      connection.joined.add(channel)
      return { channel: summaryOf(channel) }
    },
    'channel.leave': ({ channel }, connection) => {
      connection.joined.delete(channel)
      return {}
    },
    'log.read': ({ channel, after, limit = LIMITS.page }) => server.log(channel).read(after, limit),
    'history.page': ({ channel, limit = LIMITS.pageDefault, ...where }) => server.log(channel).page(where, limit),
    'read.mark': ({ channel, seq }) => {
      server.read.set(channel, Math.max(server.read.get(channel) ?? 0, Math.min(seq, server.log(channel).head)))
      return { read: server.marker(channel) }
    },
    'typing.set': () => ({}),
    'presence.watch': (_data, connection) => {
      connection.watches = true
      return { present: [...server.present.values()], count: server.present.size }
    },
    'presence.unwatch': (_data, connection) => {
      connection.watches = false
      return {}
    },
    'presence.set': () => ({}),
    'voice.join': ({ channel, muted, deafened }) => ({
      channel,
      member: 'm1',
      members: [ownMember({ muted, deafened })],
    }),
    'voice.leave': () => ({}),
    'voice.update': () => ({}),
    'track.publish': (_data, connection) => ({ track: server.nextTrack(connection) }),
    'track.unpublish': () => ({}),
  })
  return {
    ...own,
    'message.send': ({ channel, ...given }: RequestData<'message.send'>) => {
      const { id, name } = ACCOUNT
      const appended = server.log(channel).append({ author: { id, name }, ...given })
      if (appended === 'out_of_order') return refusal('out_of_order', { retryable: true })
      if (appended.isNew) server.announce(appended.entry)
      return { data: appended.entry.data }
    },
  }
}

type GoodAnswers = {
  [Type in RequestType]?: (data: RequestData<Type>, connection: KitConnection) => ReplyData<Type>
}

/** Holds the answers against the protocol's types; each becomes a reply. */
function typed(answers: GoodAnswers): Record<string, Answer> {
  const all = Object.entries(answers) as [string, (data: never, connection: KitConnection) => object][]
  return Object.fromEntries(
    all.map(([type, answer]) => [type, (data, connection) => ({ data: answer(data, connection) })]),
  )
}
