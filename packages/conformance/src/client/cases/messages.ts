import { type ClientCase, must, same } from '../case.ts'
import { refusal } from '../server/answers.ts'
import type { KitServer } from '../server/kit-server.ts'

/** What was asked to be stored, over all connections: text, client id and what it named. */
function asked(server: KitServer): { text: string; clientId: string; after: string | undefined; at: number }[] {
  return server.connections
    .flatMap((connection) => connection.asked('message.send'))
    .map(({ data, at }) => ({
      text: data.text as string,
      clientId: data.clientId as string,
      after: data.after as string | undefined,
      at,
    }))
}

export const messageCases: readonly ClientCase[] = [
  {
    id: 'repeats-with-the-same-id',
    rules: ['SEND-2', 'SEND-7'],
    title: 'a message whose reply was lost with the line is sent again with its id, and is stored and told once',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('close-before-reply')
      same('the outcome', await client.send('general', 'once'), { is: 'done' })
      await client.gets('once')
      const [first, second] = asked(server)
      same('the client id of the repeat', second?.clientId, first?.clientId)
      same('the log', server.log('general').texts, ['once'])
      same('messages', client.texts(), ['once'])
    },
  },
  {
    id: 'new-messages-have-new-ids',
    rules: ['SEND-2'],
    title: 'two messages with the same text are two messages',
    run: async (client, server) => {
      await client.start('general')
      await Promise.all([client.send('general', 'again'), client.send('general', 'again')])
      same('the log', server.log('general').texts, ['again', 'again'])
    },
  },
  {
    id: 'names-the-one-before',
    rules: ['SEND-6'],
    title: 'a message that does not wait for the reply of the one before names it',
    run: async (client, server, changes) => {
      await client.start('general', 'random')
      const held = server.hold('message.send')
      const sent = [
        client.send('general', '1'),
        client.send('general', '2'),
        client.send('random', 'elsewhere'),
        client.send('general', '3'),
      ]
      for (let at = 0; at < sent.length; at++) {
        const next = await changes.until(`message ${at}`, () => held[at])
        await next.connection.settled()
        const { channel, after } = next.request.data
        const waiting = held.slice(0, at).filter(({ request }) => request.data.channel === channel)
        const before = waiting.at(-1)
        // Whoever waits for each reply has nothing to name.
        if (before) same('what is named', after, before.request.data.clientId)
        if (held.length === at + 1 && at < sent.length - 1) for (const one of held) one.release()
      }
      for (const one of held) one.release()
      same(
        'outcomes',
        await Promise.all(sent),
        sent.map(() => ({ is: 'done' })),
      )
      same('the log', server.log('general').texts, ['1', '2', '3'])
    },
  },
  {
    id: 'repeats-in-order',
    rules: ['SEND-6', 'SEND-7'],
    title: 'what was not answered before a drop leaves again in the order of its channel, with the same ids',
    run: async (client, server, changes) => {
      await client.start('general')
      const texts = Array.from({ length: 20 }, (_, at) => `${at}`)
      const good = server.answers['message.send']
      const held = server.hold('message.send')
      const sent = texts.map((text) => client.send('general', text))
      const first = await changes.until('the first message', () => held[0])
      await first.connection.settled()
      // Half of what came is stored, and nobody is told.
      for (const { request, connection } of held.slice(0, held.length >> 1)) good?.(request.data as never, connection)
      if (good) server.answers['message.send'] = good
      first.connection.cut()
      same(
        'outcomes',
        await Promise.all(sent),
        texts.map(() => ({ is: 'done' })),
      )
      await client.gets('19')
      same('the log', server.log('general').texts, texts)
      same('messages', client.texts(), texts)
      same('client ids', new Set(asked(server).map(({ clientId }) => clientId)).size, texts.length)
    },
  },
  {
    id: 'waits-for-retry-after',
    rules: ['SEND-7', 'LIMIT-2', 'LIMIT-5'],
    title: 'a message that comes too often waits retryAfterMs; nothing later of its channel overtakes it',
    run: async (client, server) => {
      await client.start('general', 'random')
      server.misbehave('rate-limited')
      const sent = ['1', '2', '3'].map((text) => client.send('general', text))
      same(
        'outcomes',
        await Promise.all(sent),
        sent.map(() => ({ is: 'done' })),
      )
      same('the log', server.log('general').texts, ['1', '2', '3'])
      const [first, again] = asked(server).filter(({ text }) => text === '1')
      const waited = (again?.at ?? 0) - (first?.at ?? 0)
      must(waited >= 380, `the repeat after 400 ms, it came after ${Math.round(waited)}`)
    },
  },
  {
    id: 'comes-again-when-out-of-order',
    rules: ['SEND-6', 'SEND-7'],
    title: 'messages behind one that was refused for now come again behind it',
    run: async (client, server, changes) => {
      await client.start('general')
      const good = server.answers['message.send']
      const held = server.hold('message.send')
      const sent = ['1', '2', '3', '4'].map((text) => client.send('general', text))
      const first = await changes.until('the first message', () => held[0])
      await first.connection.settled()
      if (good) server.answers['message.send'] = good
      for (const [at, one] of held.entries()) {
        one.release(at === 0 ? () => refusal('unavailable', { retryable: true, retryAfterMs: 100 }) : undefined)
      }
      same(
        'outcomes',
        await Promise.all(sent),
        sent.map(() => ({ is: 'done' })),
      )
      same('the log', server.log('general').texts, ['1', '2', '3', '4'])
    },
  },
  {
    id: 'a-final-refusal-is-final',
    rules: ['SEND-7'],
    title: 'a message that is refused for good is told, not sent again, and named by none that follows',
    run: async (client, server) => {
      await client.start('general')
      const good = server.answers['message.send']
      server.answers['message.send'] = (data, connection) =>
        (data as { text: string }).text === '2' ? refusal('forbidden') : good?.(data, connection)
      const sent = ['1', '2', '3'].map((text) => client.send('general', text))
      const [done, failed] = [{ is: 'done' }, { is: 'failed', code: 'forbidden' }]
      same('outcomes', await Promise.all(sent), [done, failed, done])
      same('a later one', await client.send('general', '4'), done)
      server.connection.cut()
      await server.asked('session.resume')
      await server.connection.settled()
      same('the log', server.log('general').texts, ['1', '3', '4'])
      same('times that it was sent', asked(server).filter(({ text }) => text === '2').length, 1)
      const refused = asked(server).find(({ text }) => text === '2')?.clientId
      same('what the last one names', asked(server).at(-1)?.after === refused, false)
    },
  },
  {
    id: 'channels-do-not-wait-for-each-other',
    rules: ['SEND-7'],
    title: 'a channel whose message waits does not keep another channel’s',
    run: async (client, server) => {
      await client.start('general', 'random')
      server.once('message.send', () => refusal('unavailable', { retryable: true, retryAfterMs: 5_000 }))
      const waiting = client.send('general', 'waits')
      await server.asked('message.send')
      same('the other channel', await client.send('random', 'goes'), { is: 'done' })
      same('the log that waits', server.log('general').texts, [])
      same('the outcome', await waiting, { is: 'done' })
    },
  },
  {
    id: 'tells-its-own-message-once',
    rules: ['SEND-4'],
    title: 'one’s own message is told like everybody’s, once and in its place',
    run: async (client, server) => {
      await client.start('general')
      server.post('general', ['before'])
      await client.send('general', 'mine')
      server.post('general', ['after'])
      await client.gets('after')
      same('messages', client.texts(), ['before', 'mine', 'after'])
    },
  },
]
