import { LIMITS } from '@arclight/core/protocol'
import { type ClientCase, must, same } from '../case.ts'
import { refusal } from '../server/answers.ts'
import type { Misbehaviour } from '../server/misbehaviours.ts'

const LATE_MS = 6_000

/** Whatever the server said, chat goes on. */
function goesOnAfter(how: Misbehaviour): ClientCase['run'] {
  return async (client, server) => {
    await client.start('general')
    server.misbehave(how)
    await server.connection.settled()
    server.post('general', ['after it'])
    await client.gets('after it')
    same('the answer to a message', await client.send('general', 'mine'), { is: 'done' })
    same('connections', server.connections.length, 1)
  }
}

export const controlCases: readonly ClientCase[] = [
  {
    id: 'replies-in-any-order',
    rules: ['MSG-1'],
    title: 'each reply is its own request’s, in whatever order they come',
    run: async (client, server, changes) => {
      await client.start('general', 'random')
      const held = server.hold('message.send')
      const first = client.send('general', 'stored')
      await changes.until('the first message', () => held[0])
      const second = client.send('random', 'refused')
      const [one, two] = await changes.until('both messages', () => (held.length === 2 ? held : undefined))
      two?.release(() => refusal('forbidden'))
      one?.release()
      same('the outcomes', await Promise.all([first, second]), [{ is: 'done' }, { is: 'failed', code: 'forbidden' }])
    },
  },
  {
    id: 'ignores-unknown-fields',
    rules: ['MSG-3'],
    title: 'fields that it does not know change nothing, in greeting, replies, errors and events',
    run: async (client, server) => {
      server.misbehave('unknown-fields')
      await client.start('general')
      same('the answer to a message', await client.send('general', 'mine'), { is: 'done' })
      server.once('message.send', () => refusal('forbidden'))
      same('a refusal', await client.send('general', 'refused'), { is: 'failed', code: 'forbidden' })
      server.post('general', ['missed'], { quietly: true })
      server.connection.cut()
      await client.gets('missed')
      same('messages', client.texts(), ['mine', 'missed'])
    },
  },
  {
    id: 'ignores-unknown-events',
    rules: ['MSG-5'],
    title: 'events of types that it does not know change nothing',
    run: goesOnAfter('unknown-events'),
  },
  {
    id: 'unknown-entries-keep-their-place',
    rules: ['MSG-5', 'LOG-1'],
    title: 'an entry of an unknown type takes its place in the log, live and when it is read, and nothing waits for it',
    run: async (client, server) => {
      await client.start('general')
      server.post('general', ['one'])
      await client.gets('one')
      const log = server.log('general')
      for (const live of [true, false]) {
        const seq = log.head + 1
        const data = { message: { text: 'pinned', author: { id: 'u9' } } }
        const unknown = { type: 'message.pinned', channel: 'general', seq, data }
        log.entries.push(unknown as never)
        if (live) server.connection.send(unknown)
        else server.connection.cut()
        server.post('general', [live ? 'two' : 'three'], { quietly: !live })
        await client.gets(live ? 'two' : 'three')
        if (live) same('reads of a log that has no gap', server.connection.asked('log.read').length, 0)
      }
      same('messages', client.texts(), ['one', 'two', 'three'])
    },
  },
  {
    id: 'survives-garbage-text',
    rules: ['MSG-5'],
    title: 'text frames that are no messages change nothing',
    run: goesOnAfter('garbage-text'),
  },
  {
    id: 'survives-garbage-binary',
    rules: ['MEDIA-2'],
    title: 'binary frames that are malformed, or of no use, change nothing',
    run: goesOnAfter('garbage-binary'),
  },
  {
    id: 'survives-an-oversized-frame',
    rules: ['BAD-2'],
    title: 'a frame larger than any may be is dropped, or costs the connection: chat goes on',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('oversized')
      server.post('general', ['after it'])
      await client.gets('after it')
      same('the answer to a message', await client.send('general', 'mine'), { is: 'done' })
    },
  },
  {
    id: 'gives-up-on-a-reply',
    rules: ['MSG-7'],
    title: 'a request without a reply ends as unknown, one that was refused as failed, one that never left as unsent',
    needs: ['ask'],
    slowWithout: 'requestMs',
    run: async (client, server, changes) => {
      await client.start('general')
      same('answered', await client.ask('channel.list', {}), { is: 'done' })
      const held = server.hold('channel.list')
      const asked = performance.now()
      same('not answered', await client.ask('channel.list', {}), { is: 'unknown' })
      const waited = performance.now() - asked
      must(waited >= client.requestMs - 100, `expected to wait ${client.requestMs} ms, gave up after ${waited}`)
      // A page on a busy machine is late; one that does not give up waits for ever.
      must(waited <= client.requestMs + LATE_MS, `expected to give up after ${client.requestMs} ms, waited ${waited}`)
      held[0]?.release()
      server.answers['channel.list'] = () => refusal('forbidden')
      same('refused', await client.ask('channel.list', {}), { is: 'failed', code: 'forbidden' })
      const lost = server.hold('channel.list')
      const cut = client.ask('channel.list', {})
      await changes.until('the request', () => lost[0])
      server.misbehave('refuses-upgrades')
      server.connection.cut()
      same('the connection lost before the reply', await cut, { is: 'unknown' })
      same('no connection', await client.ask('channel.list', {}), { is: 'unsent' })
    },
  },
  {
    id: 'late-replies-are-harmless',
    rules: ['MSG-7', 'SEND-7'],
    title: 'a message whose reply comes after the deadline is sent again with its id, and told once',
    slowWithout: 'requestMs',
    run: async (client, server, changes) => {
      await client.start('general')
      const good = server.answers['message.send']
      const held = server.hold('message.send')
      const sent = client.send('general', 'slow')
      const [first, second] = await changes.until('the second attempt', () => (held.length > 1 ? held : undefined))
      same('the client id of the repeat', second?.request.data.clientId, first?.request.data.clientId)
      if (good) server.answers['message.send'] = good
      for (const late of held) late.release()
      same('the outcome', await sent, { is: 'done' })
      await client.gets('slow')
      same('the log', server.log('general').texts, ['slow'])
      same('messages', client.texts(), ['slow'])
    },
  },
  {
    id: 'at-most-256-wait',
    rules: ['MSG-8'],
    title: 'no more than 256 requests wait for their replies, and the rest follow',
    run: async (client, server, changes) => {
      await client.start('general')
      const held = server.hold('message.send')
      const count = LIMITS.pendingRequests + 100
      const sent = Array.from({ length: count }, (_, at) => client.send('general', `${at}`))
      for (let released = 0; released < count; released++) {
        const next = await changes.until(`message ${released}`, () => held[released])
        if (released === 0) await next.connection.settled()
        must(held.length - released <= LIMITS.pendingRequests, `${held.length - released} requests wait at a time`)
        next.release()
      }
      await Promise.all(sent)
      same('messages in the log', server.log('general').head, count)
    },
  },
]
