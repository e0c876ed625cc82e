import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { OPUS, sound } from '../media.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** `session.resume`. */
export const resumingCases: readonly ServerCase[] = [
  serverCase('RES-1.cursors', 'the reply has epoch and head of each channel, or gone', async (context) => {
    const writer = await context.signIn()
    const { id, epoch } = context.text
    const [message] = await context.say(writer, 1)
    const peer = await context.connect()
    const cursors = { [id]: { epoch, seq: 0 }, 'conformance-no-channel': { epoch: 'e', seq: 3 } }
    const { token, id: user } = context.account()
    const reply = await peer.ask('session.resume', { token, cursors })
    checkEqual(reply.user.id, user, 'the user who resumes')
    checkEqual(reply.channels['conformance-no-channel'], 'gone', 'the channel that does not exist')
    checkHas(reply.channels[id], { epoch }, 'the channel that exists')
    const { head } = reply.channels[id] as { head: number }
    checkThat(head >= (message?.seq ?? 0), `a head of at least ${message?.seq}`, head)
    checkEqual(Object.keys(reply.channels).sort(), Object.keys(cursors).sort(), 'the channels of the reply')
  }),
  serverCase('RES-1.live', 'live traffic starts at once, of the channels that were declared', async (context) => {
    const [writer, peer] = [await context.signIn(), await context.connect()]
    const { id, epoch } = context.text
    await peer.ask('session.resume', { token: context.account().token, cursors: { [id]: { epoch, seq: 0 } } })
    const [message] = await context.say(writer, 1)
    await peer.event('message.created', (data) => data.message.seq === message?.seq)
  }),
  serverCase('RES-1.nothing-kept', 'the server remembers nothing of a closed connection', async (context) => {
    const { id } = context.text
    const { account, peer: before } = await context.session()
    await before.ask('channel.join', { channel: id })
    await before.close()
    const peer = await context.connect()
    await peer.ask('session.resume', { token: account.token, cursors: {} })
    await context.say(await context.signIn(), 1)
    await peer.settle()
    checkEqual(
      peer.texts.takeAll(({ seq }) => seq !== undefined),
      [],
      'entries of a channel that was not declared',
    )
  }),
  serverCase('RES-1.unknown-token', 'a token that is unknown gets unauthenticated', async (context) => {
    const peer = await context.connect()
    await peer.refused(
      'session.resume',
      { token: 'x'.repeat(43), cursors: {} },
      'unauthenticated',
      'with an unknown token',
    )
    await peer.refused('channel.list', {}, 'unauthenticated', 'after a resume that was refused')
  }),
  serverCase(
    'RES-6.channel',
    'a channel that is no more is gone, and the connection is authenticated',
    async (context) => {
      const peer = await context.connect()
      const cursors = { 'conformance-no-channel': { epoch: 'e', seq: 0 } }
      const reply = await peer.ask('session.resume', { token: context.account().token, cursors })
      checkEqual(reply.channels, { 'conformance-no-channel': 'gone' }, 'the channel that does not exist')
      await peer.ask('channel.list', {})
    },
  ),
  serverCase(
    'RES-6.recording',
    'a recording that is no more is gone, and the connection is authenticated',
    { needs: ['recording'] },
    async (context) => {
      const peer = await context.connect()
      const recordings = [{ recording: 'conformance-no-recording', tracks: [{ key: 'camera', format: OPUS }] }]
      const reply = await peer.ask('session.resume', { token: context.account().token, cursors: {}, recordings })
      checkEqual(reply.recordings, { 'conformance-no-recording': 'gone' }, 'the recording that does not exist')
      await peer.ask('channel.list', {})
    },
  ),
  serverCase('LIMIT-12.cursors', 'a resume with more than 500 cursors is refused whole', async (context) => {
    const peer = await context.connect()
    const cursors = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`c${at}`, { epoch: 'e', seq: 0 }]))
    const { token } = context.account()
    await peer.refused('session.resume', { token, cursors }, 'bad_request', 'with 501 cursors')
    await peer.refused('channel.list', {}, 'unauthenticated', 'after a resume that was refused')
  }),
  serverCase(
    'RES-4.voice',
    'voice and tracks that are declared are back, with new numbers by key',
    { needs: ['voice'] },
    async (context) => {
      const { id: channel } = context.voice
      const [device, listening] = [context.unique(), context.unique()]
      const listener = await context.signIn(2)
      await listener.ask('voice.join', { channel, device: listening, muted: true, deafened: false })
      const before = await context.signIn()
      const { member } = await before.ask('voice.join', { channel, device, muted: false, deafened: false })
      const { track: old } = await before.ask('track.publish', { key: 'microphone', format: OPUS, to: { channel } })
      before.dispose()
      await listener.event('voice.changed', (data) => data.member.member === member && data.member.reconnecting)
      const peer = await context.connect()
      const tracks = ['microphone', 'second'].map((key) => ({ key, format: OPUS }))
      const voice = { channel, device, muted: true, deafened: false, tracks }
      const reply = await peer.ask('session.resume', { token: context.account().token, cursors: {}, voice })
      checkThat(typeof reply.voice === 'object', 'voice in the reply', reply.voice)
      checkHas(reply.voice, { channel, member }, 'the place that is taken again')
      checkEqual(Object.keys(reply.voice.tracks).sort(), ['microphone', 'second'], 'the keys of the tracks')
      const { microphone, second } = reply.voice.tracks as { microphone: number; second: number }
      checkThat(microphone !== old && second !== microphone, 'new numbers, each another', { old, microphone, second })
      const self = reply.voice.members.find((one) => one.member === member)
      checkHas(self, { muted: true, deafened: false, reconnecting: false }, 'the member as it was declared')
      for (const track of [microphone, second]) {
        await listener.event('track.published', (data) => data.track.track === track)
        peer.sendBinary(sound(track, 0))
        await listener.frame(track)
      }
      await peer.ask('voice.leave', { channel })
    },
  ),
  serverCase('RES-4.gone', 'a voice channel that does not exist is gone', { needs: ['voice'] }, async (context) => {
    const peer = await context.connect()
    const voice = { channel: 'conformance-no-channel', device: 'd', muted: false, deafened: false, tracks: [] }
    const reply = await peer.ask('session.resume', { token: context.account().token, cursors: {}, voice })
    checkEqual(reply.voice, 'gone', 'voice in the reply')
  }),
]
