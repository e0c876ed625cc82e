import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { OPUS } from '../media.ts'
import type { Peer } from '../peer.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const NOWHERE = 'conformance-no-channel'

/** Ids of the channels that everybody may read. */
async function forEverybody(peer: Peer): Promise<string[]> {
  const { channels } = await peer.ask('channel.list', {})
  return channels.filter((channel) => channel.kind !== 'direct' && !channel.private).map(({ id }) => id)
}

/** Channels, and who hears of them. */
export const channelCases: readonly ServerCase[] = [
  serverCase('CHAN-1.list', 'channel.list gives the channels, in one order for everybody', async (context) => {
    const [one, two] = [await context.signIn(), await context.signIn(2)]
    const first = await forEverybody(one)
    checkThat(first.length > 0, 'at least one channel', first)
    checkEqual(new Set(first).size, first.length, 'how many channels have an id of their own')
    checkEqual(await forEverybody(one), first, 'the order, asked again')
    checkEqual(await forEverybody(two), first, 'the order for another user')
  }),
  serverCase('CHAN-2.join', 'channel.join names the head, and entries past it come live', async (context) => {
    const [peer, writer] = [await context.signIn(), await context.signIn(2)]
    const { channel } = await peer.ask('channel.join', { channel: context.text.id })
    checkHas(channel, { id: context.text.id, kind: 'text', epoch: context.text.epoch }, 'the channel of the reply')
    const said = await context.say(writer, 3)
    checkThat((said[0]?.seq ?? 0) > channel.head, `entries past the head ${channel.head}`, said[0])
    for (const { seq } of said) await peer.event('message.created', (data) => data.message.seq === seq)
  }),
  serverCase('CHAN-2.not-joined', 'entries come only of channels that the connection joined', async (context) => {
    const [joined, not, writer] = [await context.signIn(), await context.signIn(), await context.signIn(2)]
    await joined.ask('channel.join', { channel: context.text.id })
    const [message] = await context.say(writer, 1)
    await joined.event('message.created', (data) => data.message.seq === message?.seq)
    await not.settle()
    checkEqual(
      not.texts.takeAll(({ seq }) => seq !== undefined),
      [],
      'entries for whoever did not join',
    )
  }),
  serverCase('CHAN-2.leave', 'channel.leave ends live traffic', async (context) => {
    const [peer, writer] = [await context.signIn(), await context.signIn(2)]
    const channel = context.text.id
    await peer.ask('channel.join', { channel })
    await peer.ask('channel.leave', { channel })
    await peer.settle()
    peer.texts.takeAll()
    await context.say(writer, 1)
    await peer.settle()
    checkEqual(
      peer.texts.takeAll(({ seq }) => seq !== undefined),
      [],
      'entries for whoever left',
    )
  }),
  serverCase('CHAN-3.not-found', 'a channel that does not exist gets not_found, in every request', async (context) => {
    const peer = await context.signIn()
    const message = { channel: NOWHERE, clientId: context.unique(), text: 'nowhere' }
    const requests: [string, object][] = [
      ['channel.join', { channel: NOWHERE }],
      ['channel.leave', { channel: NOWHERE }],
      ['log.read', { channel: NOWHERE, after: 0 }],
      ['history.page', { channel: NOWHERE }],
      ['message.send', message],
      ['message.send', { ...message, after: context.unique() }],
    ]
    for (const [type, data] of requests)
      await peer.refused(type, data, 'not_found', 'for a channel that does not exist')
  }),
  serverCase('CHAN-3.voice', 'nor does one in a request of voice', { needs: ['voice'] }, async (context) => {
    const peer = await context.signIn()
    const state = { channel: NOWHERE, muted: false, deafened: false }
    const requests: [string, object][] = [
      ['voice.join', { ...state, device: 'd' }],
      ['voice.update', state],
      ['voice.leave', { channel: NOWHERE }],
      ['track.publish', { key: 'microphone', format: OPUS, to: { channel: NOWHERE } }],
    ]
    for (const [type, data] of requests)
      await peer.refused(type, data, 'not_found', 'for a channel that does not exist')
  }),
  serverCase(
    'CHAN-4.first',
    'a server that is started for the first time has one text and one voice channel',
    async (context) => {
      const { fresh, channels, capabilities } = context.target
      if (!fresh) return context.skip('the server is not new: it was not the kit that claimed it')
      const kinds = capabilities.has('voice') ? ['text', 'voice'] : ['text']
      checkEqual(channels.map(({ kind }) => kind).sort(), kinds, 'the kinds of the channels')
    },
  ),
]
