import type { ReplyEnvelope } from '@arclight/core/protocol'
import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const AUTHENTICATING = ['auth.register', 'auth.login', 'auth.token', 'session.resume']
const OF_CHAT = [
  'auth.refresh',
  'auth.sessions',
  'auth.revoke',
  'auth.logout',
  'channel.list',
  'channel.join',
  'channel.leave',
  'log.read',
  'message.send',
  'history.page',
]
const OF_VOICE = ['voice.join', 'voice.leave', 'voice.update', 'track.publish', 'track.unpublish']
const OF_RECORDING = ['recording.start', 'recording.stop', 'recording.list', 'recording.link']
/** As many as may wait for their reply. */
const PENDING = 256
const READS = 150

/** Requests and replies. */
export const controlCases: readonly ServerCase[] = [
  serverCase('MSG-1.one-reply', 'each request has exactly one reply, good or bad, with its id', async (context) => {
    const peer = await context.signIn()
    const ids = [
      peer.post('channel.list', {}),
      peer.post('conformance.nothing', {}),
      peer.post('history.page', { channel: 5 }),
      peer.post('channel.join', { channel: 'conformance-no-channel' }),
      peer.post('auth.token', { token: 'x'.repeat(32) }),
      peer.post('channel.list', {}),
    ]
    for (const id of ids) await peer.reply(id)
    await peer.settle()
    const came = peer.texts.all.flatMap(({ re }) => (ids.includes(re as number) ? [re] : []))
    checkEqual(came.sort(), ids, 'the ids of all replies')
  }),
  serverCase('MSG-1.any-id', 'an id is what the client chose, from 0 on', async (context) => {
    const peer = await context.connect()
    for (const id of [0, 7, 2 ** 31, Number.MAX_SAFE_INTEGER]) {
      peer.sendText(JSON.stringify({ id, type: 'conformance.nothing', data: {} }))
      await peer.reply(id)
    }
  }),
  serverCase('MSG-1.one-write', 'requests that came in one write are all answered', async (context) => {
    const peer = await context.signIn()
    const ids: number[] = []
    peer.together(() => {
      for (let at = 0; at < 20; at++) ids.push(peer.post('channel.list', {}))
    })
    for (const id of ids) checkThat('data' in (await peer.reply(id)), 'each of 20 requests to be answered', id)
  }),
  serverCase('MSG-2.stranger', 'an unknown type gets unknown_type before authentication', async (context) => {
    const peer = await context.connect()
    for (const type of ['conformance.nothing', 'toString', '__proto__', 'constructor', '']) {
      await peer.refused(type, {}, 'unknown_type', `("${type}")`)
    }
  }),
  serverCase('MSG-2.signed-in', 'an unknown type gets unknown_type after authentication', async (context) => {
    const peer = await context.signIn()
    for (const type of ['conformance.nothing', 'hasOwnProperty', 'x'.repeat(1_000)]) {
      await peer.refused(type, {}, 'unknown_type', `("${type.slice(0, 40)}")`)
    }
  }),
  serverCase('MSG-3.unknown-fields', 'fields that the server does not know are ignored', async (context) => {
    const peer = await context.signIn()
    const channel = context.text.id
    const clientId = context.unique()
    const beside = { later: { version: 2 }, 'another field': [1, null] }
    for (const [type, data] of [
      ['channel.list', {}],
      ['channel.join', { channel }],
      ['message.send', { channel, clientId, text: 'conformance: fields that nobody knows' }],
      ['history.page', { channel, limit: 1 }],
      ['log.read', { channel, after: 0, limit: 1 }],
    ] as const) {
      const reply = await peer.request(type, { ...data, ...beside })
      checkThat('data' in reply, `${type} with fields that the server does not know to succeed`, reply)
    }
    peer.sendText(JSON.stringify({ id: 1, type: 'channel.list', data: {}, trace: 'x', version: 3 }))
    checkThat('data' in (await peer.reply(1)), 'an envelope with a field more to be taken', 'a refusal')
  }),
  serverCase(
    'MSG-4.issues',
    'data that does not fit gets bad_request, with an issue for each field',
    async (context) => {
      const peer = await context.signIn()
      const data = { channel: 5, before: -1, limit: 1_000_000 }
      const { issues } = await peer.refused('history.page', data, 'bad_request')
      const paths = issues?.map(({ path }) => path).sort()
      checkEqual(paths, ['before', 'channel', 'limit'], 'the paths of the issues')
      await peer.refused('message.send', { channel: context.text.id }, 'bad_request', 'without its fields')
      for (const wrong of [[], 'text', 7, null]) {
        const reply = await peer.request('history.page', wrong)
        checkHas(reply, { error: { code: 'bad_request' } }, `the reply to history.page with ${JSON.stringify(wrong)}`)
      }
    },
  ),
  serverCase('MSG-4.retryable', 'a refusal says whether the same request may succeed later', async (context) => {
    const peer = await context.signIn()
    const { retryable } = await peer.refused('history.page', { channel: 5 }, 'bad_request')
    checkEqual(retryable, false, 'retryable of bad_request')
  }),
  serverCase('MSG-6.stranger', 'every other request gets unauthenticated before authentication', async (context) => {
    const peer = await context.connect()
    const { capabilities } = context.target
    const types = [
      ...OF_CHAT,
      ...(capabilities.has('voice') ? OF_VOICE : []),
      ...(capabilities.has('recording') ? OF_RECORDING : []),
    ]
    for (const type of types) await peer.refused(type, {}, 'unauthenticated', 'of a stranger')
  }),
  serverCase(
    'MSG-6.conflict',
    'an authenticating request gets conflict after it, and does nothing',
    async (context) => {
      const peer = await context.signIn()
      const { name, password } = { name: context.unique(), password: 'long enough to be one' }
      for (const type of AUTHENTICATING) {
        const data = { name, password, token: context.account().token, cursors: {} }
        await peer.refused(type, data, 'conflict', 'of a connection that has authenticated')
      }
      const stranger = await context.connect()
      await stranger.refused('auth.login', { name, password }, 'invalid_credentials', 'for an account that was refused')
    },
  ),
  serverCase(
    'MSG-8.pending',
    'past 256 requests that wait, one more gets rate_limited',
    { pace: 'alone' },
    async (context) => {
      const { peer } = await context.newcomer()
      const channel = context.text.id
      const ids: number[] = []
      peer.together(() => {
        for (let at = 0; at < READS; at++) {
          ids.push(
            peer.post('log.read', { channel, after: 0, limit: 1 }),
            peer.post('history.page', { channel, limit: 1 }),
          )
        }
      })
      const replies: ReplyEnvelope[] = []
      for (const id of ids) replies.push(await peer.reply(id))
      const refused = replies.flatMap((reply, at) => ('error' in reply ? [{ at, code: reply.error.code }] : []))
      if (refused.length === 0) context.limitDidNotShow(`one of ${ids.length} requests in one write to be refused`)
      checkThat(
        refused.every(({ at, code }) => at >= PENDING && code === 'rate_limited'),
        `the first ${PENDING} requests to be taken, and those past them to get rate_limited`,
        refused.slice(0, 5),
      )
      checkEqual(refused.length, ids.length - PENDING, 'how many were refused')
    },
  ),
]
