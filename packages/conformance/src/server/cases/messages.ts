import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { readMessages } from '../log-truth.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const MOST_UNITS = 4_000

const BAD_TEXTS: Readonly<Record<string, string>> = {
  'no text': '',
  'only white space': ' \t\n\u2003\u00a0',
  'U+0000': 'a\u0000b',
  'an unpaired high surrogate': 'a\ud83db',
  'an unpaired low surrogate': '\ude00',
  '4,001 code units': 'x'.repeat(MOST_UNITS + 1),
  '2,001 pairs, 4,002 code units': '😀'.repeat(MOST_UNITS / 2 + 1),
}
const GOOD_TEXTS: Readonly<Record<string, string>> = {
  'one character': '.',
  '4,000 code units': 'x'.repeat(MOST_UNITS),
  '2,000 pairs': '😀'.repeat(MOST_UNITS / 2),
  'lines and controls': ' line\r\nnext\u2028\u0001\u007f ',
  'many scripts': '弧光 🎙️ عربى e\u0301 <b>&amp;"\\',
}

/** `message.send`. */
export const messageCases: readonly ServerCase[] = [
  serverCase('SEND-1.readable', 'what was answered is in the history at once, for everybody', async (context) => {
    const [writer, reader] = [await context.signIn(), await context.signIn(2)]
    const channel = context.text.id
    for (let count = 0; count < 3; count++) {
      const [message] = await context.say(writer, 1)
      const seq = message?.seq ?? 0
      const { messages } = await reader.ask('history.page', { channel, after: seq - 1, limit: 1 })
      checkEqual(messages, [message], 'the history after the reply')
      checkThat((await reader.ask('log.read', { channel, after: seq - 1 })).head >= seq, 'the head', 'a head below it')
    }
  }),
  serverCase('SEND-2.repeat', 'a repeat gets the first message back and adds nothing', async (context) => {
    const [peer, again] = [await context.signIn(), await context.signIn()]
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: the first' }
    const { message } = await peer.ask('message.send', data)
    checkHas(message, { ...data, author: { id: context.account().id } }, 'the message')
    for (const one of [peer, again]) {
      const repeat = await one.ask('message.send', { ...data, text: 'conformance: the second' })
      checkEqual(repeat.message, message, 'the message of the repeat')
    }
    const stored = await readMessages(peer, data.channel, message.seq - 1)
    checkEqual(
      stored.filter(({ clientId }) => clientId === data.clientId),
      [message],
      'what is stored under the id',
    )
  }),
  serverCase('SEND-2.at-once', 'repeats that come at the same time are one message', async (context) => {
    const peers = [await context.signIn(), await context.signIn(), await context.signIn()]
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: at once' }
    const replies = await Promise.all(
      peers.flatMap((peer) => [peer.ask('message.send', data), peer.ask('message.send', data)]),
    )
    const seqs = new Set(replies.map(({ message }) => message.seq))
    checkEqual(seqs.size, 1, 'how many messages six repeats made')
    const stored = await readMessages(peers[0] as never, data.channel, Math.min(...seqs) - 1)
    checkEqual(stored.filter(({ clientId }) => clientId === data.clientId).length, 1, 'how many are stored')
  }),
  serverCase('SEND-2.author', 'the same id of another author is another message', async (context) => {
    const [one, two] = [await context.signIn(), await context.signIn(2)]
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: of two authors' }
    const first = await one.ask('message.send', data)
    const second = await two.ask('message.send', data)
    checkThat(first.message.seq !== second.message.seq, 'two messages', second)
    checkEqual(second.message.author.id, context.account(2).id, 'the author of the second')
  }),
  serverCase('SEND-2.no-event', 'a repeat is no event for those who listen', async (context) => {
    const [peer, listener] = [await context.signIn(), await context.signIn(2)]
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: told once' }
    await listener.ask('channel.join', { channel: data.channel })
    for (let count = 0; count < 3; count++) await peer.ask('message.send', data)
    const [last] = await context.say(peer, 1)
    await listener.event('message.created', ({ message }) => message.seq === last?.seq)
    const told = listener.events('message.created').filter(({ message }) => message.clientId === data.clientId)
    checkEqual(told.length, 1, 'how often a message that was sent three times was told')
  }),
  serverCase('SEND-3.bad-text', 'a text that is none gets bad_request', async (context) => {
    const peer = await context.signIn()
    for (const [what, text] of Object.entries(BAD_TEXTS)) {
      const data = { channel: context.text.id, clientId: context.unique(), text }
      const { issues } = await peer.refused('message.send', data, 'bad_request', `with ${what}`)
      checkThat(issues?.some(({ path }) => path === 'text') ?? false, `an issue of "text" for ${what}`, issues)
    }
  }),
  serverCase('SEND-3.good-text', 'any other text is stored as it is', async (context) => {
    const peer = await context.signIn()
    const channel = context.text.id
    for (const [what, text] of Object.entries(GOOD_TEXTS)) {
      const { message } = await peer.ask('message.send', { channel, clientId: context.unique(), text })
      checkEqual(message.text, text, `the text of ${what} in the reply`)
      const { messages } = await peer.ask('history.page', { channel, after: message.seq - 1, limit: 1 })
      checkEqual(messages[0]?.text, text, `the text of ${what} in the history`)
    }
  }),
  serverCase('SEND-3.client-id', 'a clientId holds neither U+0000 nor an unpaired surrogate', async (context) => {
    const peer = await context.signIn()
    const data = { channel: context.text.id, text: 'conformance: a bad id' }
    for (const clientId of ['', 'a\u0000b', 'a\ud83d', 'x'.repeat(65), 5]) {
      await peer.refused(
        'message.send',
        { ...data, clientId },
        'bad_request',
        `with clientId ${JSON.stringify(clientId)}`,
      )
    }
  }),
  serverCase('SEND-4.everybody', 'everybody who joined gets message.created, the sender too', async (context) => {
    const peers = [await context.signIn(), await context.signIn(), await context.signIn(2)]
    const channel = context.text.id
    for (const peer of peers) await peer.ask('channel.join', { channel })
    const [message] = await context.say(peers[0] as never, 1)
    for (const peer of peers) {
      const entry = await peer.texts.take('message.created', 5_000, ({ seq }) => seq === message?.seq)
      checkEqual(entry, { type: 'message.created', channel, seq: message?.seq, data: { message } }, 'the entry')
    }
  }),
  serverCase('SEND-4.in-order', 'entries come in the order of seq', async (context) => {
    const [one, two, listener] = [await context.signIn(), await context.signIn(2), await context.signIn()]
    const channel = context.text.id
    await listener.ask('channel.join', { channel })
    const ids: [typeof one, number][] = []
    for (const peer of [one, two]) {
      peer.together(() => {
        for (let at = 0; at < 10; at++) {
          const data = { channel, clientId: context.unique(), text: `conformance: in order ${at}` }
          ids.push([peer, peer.post('message.send', data)])
        }
      })
    }
    for (const [peer, id] of ids) await peer.reply(id)
    const [last] = await context.say(one, 1)
    await listener.event('message.created', ({ message }) => message.seq === last?.seq)
    const seqs = listener.texts.all.flatMap(({ seq }) => (typeof seq === 'number' ? [seq] : []))
    checkEqual(
      seqs,
      seqs.map((_, at) => (seqs[0] ?? 0) + at),
      'the seqs in the order in which they came',
    )
  }),
  serverCase(
    'SEND-5.ordinal',
    'ordinal counts the channel’s messages, rev is the seq of the entry that changed it',
    async (context) => {
      const peer = await context.signIn()
      const [first] = await context.say(peer, 3)
      const all = await readMessages(peer, context.text.id, 0)
      checkEqual(
        all.map(({ ordinal }) => ordinal),
        all.map((_, at) => at + 1),
        'the ordinals of the channel’s messages',
      )
      const own = all.filter(({ seq }) => seq >= (first?.seq ?? 0))
      checkEqual(
        own.map(({ rev }) => rev),
        own.map(({ seq }) => seq),
        'rev of messages that nobody changed',
      )
    },
  ),
  serverCase(
    'SEND-6.after',
    'a message whose after is not stored is refused with out_of_order, which is retryable',
    async (context) => {
      const peer = await context.signIn()
      const channel = context.text.id
      const [missing, late] = [context.unique(), context.unique()]
      const data = { channel, clientId: late, text: 'conformance: the second', after: missing }
      const { retryable } = await peer.refused('message.send', data, 'out_of_order', 'ahead of the one before it')
      checkEqual(retryable, true, 'retryable')
      const first = await peer.ask('message.send', { channel, clientId: missing, text: 'conformance: the first' })
      const second = await peer.ask('message.send', data)
      checkThat(second.message.seq > first.message.seq, 'the second behind the first', second)
      const stored = await readMessages(peer, channel, first.message.seq - 1)
      checkEqual(stored.filter(({ clientId }) => clientId === late).length, 1, 'how often the second is stored')
    },
  ),
  serverCase(
    'SEND-6.one-write',
    'messages that name the one before them keep their order in one write',
    async (context) => {
      const { peer } = await context.newcomer()
      const channel = context.text.id
      const clientIds = Array.from({ length: 10 }, () => context.unique())
      const ids: number[] = []
      peer.together(() => {
        for (const [at, clientId] of clientIds.entries()) {
          const before = at === 0 ? {} : { after: clientIds[at - 1] }
          ids.push(peer.post('message.send', { channel, clientId, text: `conformance ${at}`, ...before }))
        }
      })
      const seqs: number[] = []
      for (const id of ids) {
        const reply = await peer.reply(id)
        checkThat('data' in reply, 'each message to be stored', reply)
        seqs.push((reply.data as { message: { seq: number } }).message.seq)
      }
      checkEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
        'the seqs in the order of sending',
      )
    },
  ),
  serverCase('SEND-6.repeat', 'a repeat gets its first message back, whatever its after', async (context) => {
    const peer = await context.signIn()
    const [message] = await context.say(peer, 1)
    const { channel, clientId, text } = message as NonNullable<typeof message>
    const again = await peer.ask('message.send', { channel, clientId, text, after: context.unique() })
    checkEqual(again.message, message, 'the message of the repeat')
  }),
  serverCase('SEND-6.own', 'after names the author’s own message', async (context) => {
    const [one, two] = [await context.signIn(), await context.signIn(2)]
    const [message] = await context.say(one, 1)
    const data = { channel: context.text.id, clientId: context.unique(), text: 'conformance: after another’s' }
    await two.refused(
      'message.send',
      { ...data, after: message?.clientId },
      'out_of_order',
      'after another author’s message',
    )
  }),
]
