import { type RequestType, requests } from '@arclight/core/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf, outcome, ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, type RunningServer } from '../running-server.ts'

/** Those who try every request. `stranger` is a member of the server, and not of the private channel. */
const WHO = ['owner', 'admin', 'member', 'guest', 'stranger'] as const
type Who = (typeof WHO)[number]
/** Those who are nobody to the server: who has not authenticated, and whoever is banned, whose token is worth nothing. */
const NOBODIES = ['banned', 'nobody'] as const

interface Scene {
  readonly running: RunningServer
  readonly clients: Readonly<Record<Who | (typeof NOBODIES)[number], RawClient>>
  /** A private voice channel; all but the stranger are in it. */
  readonly channel: string
  /** A user whom things are done to. */
  readonly other: string
  unique(): string
}

/** What a request carries, made anew for each who tries it. */
type Data = (scene: Scene, who: Who) => object | Promise<object>
/** The outcome for each of WHO, in order: `ok` or the code of the error. */
type Row = readonly [data: Data, outcomes: string]

const nothing: Data = () => ({})
const OK = 'ok ok ok ok ok'
/** For who may read the channel. */
const READERS = 'ok ok ok ok not_found'
/** For who manages the channel. */
const MANAGERS = 'ok ok forbidden forbidden not_found'
/** For who manages the server. */
const ADMINS = 'ok ok forbidden forbidden forbidden'
const WRONG = 'invalid_credentials invalid_credentials invalid_credentials invalid_credentials invalid_credentials'
const CONFLICT = 'conflict conflict conflict conflict conflict'
const NOT_FOUND = 'not_found not_found not_found not_found not_found'

const inChannel: Data = ({ channel }) => ({ channel })
const toOther: Data = ({ other }) => ({ user: other })

async function message({ clients, channel, unique }: Scene): Promise<{ channel: string; seq: number }> {
  const reply = await clients.owner.ask('message.send', { channel, clientId: unique(), text: 'tea' })
  return { channel, seq: reply.message.seq }
}

async function ownChannel({ clients, unique }: Scene): Promise<string> {
  const { channel } = await clients.owner.ask('channel.create', { kind: 'text', name: unique(), private: true })
  for (const who of ['admin', 'member', 'guest'] as const) {
    await clients.owner.ask('member.add', { channel: channel.id, user: idOf(clients[who]) })
  }
  return channel.id
}

async function role({ clients, unique }: Scene): Promise<string> {
  const made = await clients.owner.ask('role.create', { name: unique(), rank: 5, permissions: ['read'] })
  return made.role.id
}

const bot = async ({ clients, unique }: Scene) => (await clients.owner.ask('bot.create', { name: unique() })).bot.id

const webhook = async ({ clients, channel, unique }: Scene) =>
  (await clients.owner.ask('webhook.create', { channel, direction: 'in', name: unique() })).webhook.id

/** Those that no connection may ask that has authenticated. */
const AUTHENTICATING = ['register', 'login', 'guest', 'token', 'reset', 'jwt', 'code'] as const

const ROWS: Readonly<Record<Exclude<RequestType, 'session.resume' | `auth.${(typeof AUTHENTICATING)[number]}`>, Row>> =
  {
    'auth.refresh': [() => ({ rotate: false }), OK],
    'auth.sessions': [nothing, OK],
    'auth.revoke': [() => ({ session: 'nothing' }), NOT_FOUND],
    'channel.list': [nothing, OK],
    'channel.join': [inChannel, READERS],
    'channel.leave': [inChannel, READERS],
    'channel.create': [({ unique }) => ({ kind: 'text', name: unique() }), ADMINS],
    'channel.update': [({ channel, unique }) => ({ channel, topic: unique() }), MANAGERS],
    'channel.delete': [async (scene) => ({ channel: await ownChannel(scene) }), MANAGERS],
    'member.list': [inChannel, READERS],
    'member.add': [({ channel, other }) => ({ channel, user: other }), MANAGERS],
    'member.remove': [({ channel, other }) => ({ channel, user: other }), MANAGERS],
    'direct.open': [({ other }) => ({ users: [other] }), 'ok ok ok forbidden ok'],
    'user.list': [nothing, OK],
    'user.update': [() => ({ avatar: null }), OK],
    'user.block': [({ other }) => ({ user: other, on: false }), OK],
    'user.blocks': [nothing, OK],
    'file.get': [() => ({ file: 'nothing' }), NOT_FOUND],
    'file.link': [() => ({ file: 'nothing', disposition: 'inline' }), NOT_FOUND],
    'user.reset': [toOther, ADMINS],
    'user.kick': [toOther, ADMINS],
    'user.ban': [toOther, ADMINS],
    'user.unban': [
      async (scene) => {
        await scene.clients.owner.ask('user.ban', { user: scene.other })
        return { user: scene.other }
      },
      ADMINS,
    ],
    'user.sessions': [toOther, ADMINS],
    'user.revoke': [toOther, ADMINS],
    'ban.list': [nothing, ADMINS],
    'account.password': [() => ({ password: 'another', newPassword: PASSWORD }), WRONG],
    'account.delete': [() => ({ password: 'another' }), `conflict ${WRONG.slice(WRONG.indexOf(' ') + 1)}`],
    'account.totp.begin': [() => ({ password: 'another' }), WRONG],
    'account.totp.confirm': [() => ({ code: '123456' }), CONFLICT],
    'account.totp.end': [() => ({ password: 'another', code: '123456' }), WRONG],
    'account.totp.recovery': [() => ({ password: PASSWORD, code: '123456' }), CONFLICT],
    'account.claim': [
      ({ unique }) => ({ name: unique(), password: PASSWORD }),
      'conflict conflict conflict conflict conflict',
    ],
    'invite.create': [nothing, ADMINS],
    'invite.list': [nothing, ADMINS],
    'invite.delete': [
      async ({ clients }) => ({ invite: (await clients.owner.ask('invite.create', {})).invite.id }),
      ADMINS,
    ],
    'role.list': [nothing, OK],
    'role.create': [({ unique }) => ({ name: unique(), rank: 5, permissions: [] }), ADMINS],
    'role.update': [async (scene) => ({ role: await role(scene), rank: 4 }), ADMINS],
    'role.delete': [async (scene) => ({ role: await role(scene) }), ADMINS],
    'role.give': [({ other }) => ({ user: other, role: 'guest' }), ADMINS],
    'permit.list': [inChannel, MANAGERS],
    'permit.set': [({ channel }) => ({ channel, role: 'moderator', allow: [], deny: [] }), MANAGERS],
    'audit.list': [nothing, ADMINS],
    'log.read': [({ channel }) => ({ channel, after: 0 }), READERS],
    'message.send': [({ channel, unique }) => ({ channel, clientId: unique(), text: 'tea' }), READERS],
    'message.edit': [
      async (scene) => ({ ...(await message(scene)), text: 'more' }),
      'ok forbidden forbidden forbidden not_found',
    ],
    'message.delete': [message, MANAGERS],
    'message.react': [async (scene) => ({ ...(await message(scene)), emoji: '👍', on: true }), READERS],
    'message.reactors': [async (scene) => ({ ...(await message(scene)), emoji: '👍' }), READERS],
    'message.pin': [async (scene) => ({ ...(await message(scene)), on: true }), MANAGERS],
    'message.pins': [inChannel, READERS],
    'message.search': [() => ({ query: 'tea' }), OK],
    'history.page': [inChannel, READERS],
    'read.mark': [({ channel }) => ({ channel, seq: 1 }), READERS],
    'typing.set': [({ channel }) => ({ channel, typing: true }), READERS],
    'presence.set': [() => ({ status: 'away' }), OK],
    'presence.watch': [nothing, OK],
    'presence.unwatch': [nothing, OK],
    'bot.create': [({ unique }) => ({ name: unique() }), ADMINS],
    'bot.list': [nothing, ADMINS],
    'bot.renew': [async (scene) => ({ bot: await bot(scene) }), ADMINS],
    'bot.delete': [async (scene) => ({ bot: await bot(scene) }), ADMINS],
    'webhook.create': [({ channel, unique }) => ({ channel, direction: 'in', name: unique() }), ADMINS],
    'webhook.list': [nothing, ADMINS],
    'webhook.renew': [async (scene) => ({ webhook: await webhook(scene) }), ADMINS],
    'webhook.delete': [async (scene) => ({ webhook: await webhook(scene) }), ADMINS],
    'voice.join': [({ channel }) => ({ channel, device: 'd', muted: false, deafened: false }), READERS],
    'voice.update': [({ channel }) => ({ channel, muted: true, deafened: false }), READERS],
    'track.publish': [
      ({ channel }) => ({
        key: 'k',
        to: { channel },
        format: { kind: 'audio', codec: 'opus', sampleRate: 48_000, channels: 1 },
      }),
      READERS,
    ],
    'track.unpublish': [() => ({ track: 65_000 }), NOT_FOUND],
    'voice.moderate': [({ channel, other }) => ({ channel, user: other, muted: true }), ADMINS],
    'voice.move': [
      ({ channel }) => ({ channel, member: 'nothing', to: channel }),
      'not_found not_found forbidden forbidden forbidden',
    ],
    'voice.leave': [inChannel, READERS],
    'recording.start': [() => ({ title: 'x' }), 'unavailable unavailable unavailable forbidden unavailable'],
    'recording.stop': [() => ({ recording: 'nothing' }), NOT_FOUND],
    'recording.list': [nothing, OK],
    'recording.link': [() => ({ recording: 'nothing', disposition: 'inline' }), NOT_FOUND],
    // Last: nobody is signed in any more.
    'auth.logout': [nothing, OK],
  }

describe('[ROLE-1] every request, by everybody', () => {
  let scene: Scene
  let numbers = 0

  beforeAll(async () => {
    const { running, owner } = await ownedServer({
      rateLimits: 'off',
      secretKey: 'a key that is long enough for a test',
    })
    const signIn = (name: string) => running.signIn(name)
    const [admin, member, guest, stranger, banned, other] = (await Promise.all(
      ['admin', 'member', 'guest', 'stranger', 'banned', 'other'].map(signIn),
    )) as [RawClient, RawClient, RawClient, RawClient, RawClient, RawClient]
    const unique = () => `n${++numbers}`
    const clients = {
      owner,
      admin,
      member,
      guest,
      stranger,
      banned: await running.connect(),
      nobody: await running.connect(),
    }
    const { channel } = await owner.ask('channel.create', { kind: 'voice', name: 'garden', private: true })
    for (const client of [admin, member, guest])
      await owner.ask('member.add', { channel: channel.id, user: idOf(client) })
    await owner.ask('role.give', { user: idOf(admin), role: 'admin' })
    await owner.ask('role.give', { user: idOf(guest), role: 'guest' })
    const { token } = banned.authenticated
    await owner.ask('user.ban', { user: idOf(banned) })
    expect(await outcome(clients.banned, 'auth.token', { token })).toBe('unauthenticated')
    expect(await outcome(clients.banned, 'auth.login', { name: 'banned', password: PASSWORD })).toBe('banned')
    scene = { running, clients, channel: channel.id, other: idOf(other), unique }
  })
  afterAll(() => scene.running[Symbol.asyncDispose]())

  test.for(Object.entries(ROWS))('[ROLE-1] %s', async ([type, [data, outcomes]]) => {
    const expected = Object.fromEntries(outcomes.split(' ').map((one, at) => [WHO[at], one]))
    const came: Record<string, string> = {}
    for (const who of WHO) came[who] = await outcome(scene.clients[who], type, await data(scene, who))
    expect(came).toEqual(expected)
    for (const who of NOBODIES)
      expect([who, await outcome(scene.clients[who], type, {})]).toEqual([who, 'unauthenticated'])
  })

  test('[ROLE-1] there is no request without a row', () => {
    const rows = [...Object.keys(ROWS), 'session.resume', ...AUTHENTICATING.map((name) => `auth.${name}`)]
    expect(Object.keys(requests).toSorted()).toEqual(rows.toSorted())
  })
})
