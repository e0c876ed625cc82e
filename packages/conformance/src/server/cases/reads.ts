import { checkEqual, checkHas } from '../../check.ts'
import { type ServerCase, serverCase } from '../server-case.ts'

/** Read markers, and messages that are found by their words. */
export const readCases: readonly ServerCase[] = [
  serverCase('READ-1.forward', 'a marker goes forward, and never back', { needs: ['reads'] }, async (context) => {
    const peer = await context.signIn()
    const channel = context.text.id
    const [one, two] = await context.say(peer, 2)
    const { read } = await peer.ask('read.mark', { channel, seq: two?.seq ?? 0 })
    checkHas(read, { seq: two?.seq, ordinal: two?.ordinal }, 'the marker')
    const back = await peer.ask('read.mark', { channel, seq: one?.seq ?? 0 })
    checkHas(back.read, { seq: two?.seq, ordinal: two?.ordinal }, 'the marker after a lower seq')
  }),
  serverCase('READ-2.unread', 'what is unread is counted by ordinals', { needs: ['reads'] }, async (context) => {
    const [writer, reader] = [await context.signIn(), await context.signIn(2)]
    const channel = context.text.id
    const [first] = await context.say(writer, 1)
    await reader.ask('read.mark', { channel, seq: first?.seq ?? 0 })
    await context.say(writer, 2)
    const { channels } = await reader.ask('channel.list', {})
    const listed = channels.find(({ id }) => id === channel)
    const unread = (listed?.messages ?? 0) - (listed?.read?.ordinal ?? 0)
    checkEqual(listed?.read?.unread, unread, 'unread in channel.list')
    checkEqual(unread >= 2, true, 'whether two that came since are unread')
  }),
  serverCase('READ-3.others', 'the user’s other connections hear of it', { needs: ['reads'] }, async (context) => {
    const [one, other] = [await context.signIn(), await context.signIn()]
    const channel = context.text.id
    const [message] = await context.say(one, 1)
    const { read } = await one.ask('read.mark', { channel, seq: message?.seq ?? 0 })
    const told = await other.event('read.changed', (data) => data.channel === channel && data.read.seq === read.seq)
    checkEqual(told, { channel, read }, 'what the other connection was told')
  }),
  serverCase('SEARCH-1.words', 'messages that hold every word are found', { needs: ['search'] }, async (context) => {
    const peer = await context.signIn()
    const [channel, word] = [context.text.id, context.unique('').replace(/\W/g, '')]
    const text = `conformance "foo:bar" ${word} * 今天天气很好 😀`
    const { message } = await peer.ask('message.send', { channel, clientId: context.unique(), text })
    const find = async (query: string) => (await peer.ask('message.search', { query, channel })).messages
    for (const query of [word, `${word.toUpperCase()} "foo:bar"`, `* ${word} AND`.replace(' AND', '')]) {
      checkEqual(await find(query), [message], `what ${query} finds`)
    }
    checkEqual(await find(`${word} nowhere${word}`), [], 'what a word that is nowhere finds')
    checkEqual(await find('" * ('), [], 'what a query without a word finds')
  }),
  serverCase('SEARCH-2.runs', 'a run without spaces is found by its parts', { needs: ['search'] }, async (context) => {
    const peer = await context.signIn()
    const [channel, word] = [context.text.id, context.unique('').replace(/\W/g, '')]
    const text = `${word} 今天天气很好 😀 Ｗｉｄｅ`
    const { message } = await peer.ask('message.send', { channel, clientId: context.unique(), text })
    for (const part of ['天气', '好', '今天天气', '😀', 'wide']) {
      const { messages } = await peer.ask('message.search', { query: `${word} ${part}`, channel })
      checkEqual(messages, [message], `what ${part} finds`)
    }
  }),
  serverCase(
    'SEARCH-3.readable',
    'a channel that is not there is not searched',
    { needs: ['search'] },
    async (context) => {
      const peer = await context.signIn()
      const data = { query: 'conformance', channel: 'no such channel' }
      await peer.refused('message.search', data, 'not_found', 'for a channel that does not exist')
    },
  ),
  serverCase(
    'SEARCH-4.now',
    'an edited message is found by its new text',
    { needs: ['search', 'edits'] },
    async (context) => {
      const peer = await context.signIn()
      const channel = context.text.id
      const [before, after] = [context.unique('').replace(/\W/g, ''), context.unique('').replace(/\W/g, '')]
      const sent = { channel, clientId: context.unique(), text: before }
      const { seq } = (await peer.ask('message.send', sent)).message
      const { message } = await peer.ask('message.edit', { channel, seq, text: after })
      const find = async (query: string) => (await peer.ask('message.search', { query, channel })).messages
      checkEqual([await find(before), await find(after)], [[], [message]], 'what the old and the new text find')
      await peer.ask('message.delete', { channel, seq })
      checkEqual(await find(after), [], 'what a deleted message’s text finds')
    },
  ),
]
