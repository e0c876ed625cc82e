import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import { createClientCore } from '../../src/client/client.ts'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import { defineFamily } from '../../src/protocol/family.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { ScriptedServer } from '../../src/testing/scripted-server.ts'
import { settle } from './settle.ts'
import { HELLO, SIGNED_IN } from './wire-data.ts'

const polls = defineFamily('poll', {
  requests: { vote: { data: z.object({ option: z.number() }), reply: z.object({ counts: z.array(z.number()) }) } },
  events: { changed: z.object({ counts: z.array(z.number()) }) },
})

/** A client that knows polls, signed in to a server that the test moves. */
async function pollClient() {
  const server = new ScriptedServer()
  const client = createClientCore(
    {
      clock: new ManualClock(),
      random: () => 0.5,
      createId: () => 'id',
      device: 'd',
      connect: server.connect,
      tokens: memoryTokenStore(),
      audioCodec: () => Promise.reject(new Error('no voice here')),
    },
    { url: 'wss://talk.example.org/arclight', families: [polls] },
  )
  const signedIn = client.login({ name: 'mei', password: 'long enough' })
  server.connection.send({ type: 'session.hello', data: HELLO })
  await settle()
  server.connection.send({ re: server.connection.received.at(-1)?.id, data: SIGNED_IN })
  await signedIn
  return { client, connection: server.connection }
}

test('[FAM-1] a family’s request and its reply are typed and checked', async () => {
  const { client, connection } = await pollClient()
  const reply = client.request('poll.vote', { option: 2 })
  expectTypeOf(reply).resolves.toEqualTypeOf<{ counts: number[] }>()
  await settle()
  expect(connection.received.at(-1)).toMatchObject({ type: 'poll.vote', data: { option: 2 } })
  connection.send({ re: connection.received.at(-1)?.id, data: { counts: [0, 0, 1] } })
  expect(await reply).toEqual({ counts: [0, 0, 1] })
  const wrong = client.request('poll.vote', { option: 2 })
  await settle()
  connection.send({ re: connection.received.at(-1)?.id, data: { counts: 'many' } })
  await expect(wrong).rejects.toThrow('the reply to poll.vote does not fit its schema')
  expectTypeOf<'poll.open'>().not.toExtend<Parameters<typeof client.request>[0]>()
})

test('[FAM-1] a family’s events are typed and checked; one that does not fit is a fault', async () => {
  const { client, connection } = await pollClient()
  const heard: number[][] = []
  const faults: unknown[] = []
  client.on('poll.changed', ({ counts }) => heard.push(counts))
  client.on('fault', (fault) => faults.push(fault))
  connection.send({ type: 'poll.changed', data: { counts: [1, 2] } })
  connection.send({ type: 'poll.changed', data: { counts: 'many' } })
  connection.send({ type: 'poll.unheard', data: {} })
  await settle()
  expect(heard).toEqual([[1, 2]])
  expect(faults).toMatchObject([{ name: 'TypeError' }])
  expectTypeOf<'poll.closed'>().not.toExtend<Parameters<typeof client.on>[0]>()
})
