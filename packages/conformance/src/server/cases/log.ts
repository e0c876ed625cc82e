import { checkEqual, checkHas, checkThat } from '../../check.ts'
import { fillLog, readLog } from '../log-truth.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

const MOST_ENTRIES = 100

/** A channel's log. */
export const logCases: readonly ServerCase[] = [
  serverCase(
    'LOG-1.no-gap',
    'entries have seq 1, 2, 3 … without a gap, repeats and refusals included',
    async (context) => {
      const [one, two] = [await context.signIn(), await context.signIn(2)]
      const channel = context.text.id
      const [before] = await context.say(one, 1)
      const data = { channel, clientId: context.unique(), text: 'conformance: sent twice' }
      await Promise.all([one.ask('message.send', data), one.ask('message.send', data), context.say(two, 2)])
      await one.refused(
        'message.send',
        { ...data, clientId: context.unique(), after: 'nobody sent this' },
        'out_of_order',
      )
      await one.ask('message.send', data)
      const [after] = await context.say(two, 1)
      const seqs = (await readLog(one, channel, (before?.seq ?? 0) - 1)).map(({ seq }) => seq)
      const expected = seqs.map((_, at) => (before?.seq ?? 0) + at)
      checkEqual(seqs, expected, 'the seqs from there on')
      checkThat(seqs.includes(after?.seq ?? 0), `the last message, ${after?.seq}, in the log`, seqs.at(-1))
    },
  ),
  serverCase('LOG-1.from-1', 'the first entry of a log is 1', async (context) => {
    const peer = await context.signIn()
    await context.say(peer, 1)
    const { entries } = await peer.ask('log.read', { channel: context.text.id, after: 0, limit: 3 })
    checkEqual(
      entries.map(({ seq }) => seq),
      entries.map((_, at) => at + 1),
      'the seqs of the first entries',
    )
  }),
  serverCase('LOG-2.as-live', 'log.read gives entries above after exactly as their live events', async (context) => {
    const [peer, writer] = [await context.signIn(), await context.signIn(2)]
    const channel = context.text.id
    await peer.ask('channel.join', { channel })
    const said = await context.say(writer, 3)
    const first = said[0]?.seq ?? 0
    const live = []
    for (const { seq } of said) live.push(await peer.texts.take(`the entry ${seq}`, 5_000, (one) => one['seq'] === seq))
    const { entries, epoch, head } = await peer.ask('log.read', { channel, after: first - 1, limit: 100 })
    checkEqual(epoch, context.text.epoch, 'the epoch')
    checkThat(head >= (said.at(-1)?.seq ?? 0), 'the head at the last entry or past it', head)
    checkEqual(entries[0]?.seq, first, `the first entry after ${first - 1}`)
    for (const one of live) {
      checkEqual(
        entries.find(({ seq }) => seq === one['seq']),
        one,
        `the entry ${one['seq']} as it came live`,
      )
    }
  }),
  serverCase('LOG-2.limit', 'at most 100 entries, or as many as asked, in rising order', async (context) => {
    const peer = await context.signIn()
    const channel = context.text.id
    await fillLog(context, peer)
    for (const [limit, count] of [
      [undefined, MOST_ENTRIES],
      [7, 7],
      [1, 1],
    ] as const) {
      const { entries } = await peer.ask('log.read', { channel, after: 2, ...(limit === undefined ? {} : { limit }) })
      const seqs = entries.map(({ seq }) => seq)
      checkEqual(
        seqs,
        Array.from({ length: count }, (_, at) => at + 3),
        `the seqs with limit ${limit}`,
      )
    }
    for (const limit of [0, 101, 1.5]) {
      await peer.refused('log.read', { channel, after: 0, limit }, 'bad_request', `with limit ${limit}`)
    }
  }),
  serverCase('LOG-2.at-head', 'past the head there is nothing', async (context) => {
    const peer = await context.signIn()
    const { entries, head } = await peer.ask('log.read', { channel: context.text.id, after: 2 ** 40 })
    checkEqual(entries, [], 'entries after a seq that there is not')
    const joined = await peer.ask('channel.join', { channel: context.text.id })
    checkThat(joined.channel.head >= head, 'one head for both', { joined: joined.channel.head, head })
    checkHas(joined.channel, { epoch: context.text.epoch }, 'the channel')
  }),
]
