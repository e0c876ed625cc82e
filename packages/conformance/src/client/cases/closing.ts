import { type ClientCase, must, same } from '../case.ts'

/** What a busy machine may add to a wait. */
const SLACK_MS = 1_000
const FIRST_MS = 500

const COMES_BACK = [1000, 1001, 1011, 1012, 1013, 4000, 4001, 4002, 4003, 4004, 4321, 4499]
const STAYS_AWAY = [1002, 1003, 1007, 1008, 1009, 1010, 4500, 4501, 4502, 4777, 4999]

export const closingCases: readonly ClientCase[] = [
  {
    id: 'comes-back',
    rules: ['CLOSE-1', 'LIMIT-7'],
    title: `after ${COMES_BACK.join(', ')} and a lost line the client comes back and goes on`,
    run: async (client, server) => {
      await client.start('general')
      for (const [at, code] of [...COMES_BACK, 'lost' as const].entries()) {
        if (code === 'lost') server.connection.cut()
        else server.connection.close(code, 'come back')
        await server.connected(at + 2)
        await server.asked('session.resume', at + 1)
        server.post('general', [`after ${code}`])
        await client.gets(`after ${code}`)
      }
    },
  },
  {
    id: 'stays-away',
    rules: ['CLOSE-1'],
    title: `after ${STAYS_AWAY.join(', ')} the client is closed and does not come back`,
    run: async (client, server) => {
      const clients = [client]
      while (clients.length < STAYS_AWAY.length) clients.push(await client.another())
      for (const [at, code] of STAYS_AWAY.entries()) {
        await clients[at]?.start('general')
        server.connection.close(code, 'stay away')
        await clients[at]?.reaches('closed')
      }
      // Whoever would come back after the longest first wait has come by then.
      await new Promise((resolve) => setTimeout(resolve, 2 * FIRST_MS))
      same('connections', server.connections.length, STAYS_AWAY.length)
    },
  },
  {
    id: 'first-wait-is-random',
    rules: ['CLOSE-2'],
    title: 'the first wait after a drop is random, at most half a second',
    run: async (client, server, changes) => {
      await client.start('general')
      const waits: number[] = []
      for (let nth = 2; nth <= 13; nth++) {
        const before = server.connection
        before.close(4000, 'restarting')
        const closed = await changes.until('the close', () => before.closed)
        const { openedAt } = await server.connected(nth)
        waits.push(openedAt - closed.at)
        await server.asked('session.resume', nth - 1)
        await server.connection.settled()
      }
      const told = waits.map(Math.round).join(', ')
      must(Math.max(...waits) <= FIRST_MS + SLACK_MS, `waits of at most ${FIRST_MS} ms, got ${told}`)
      // Of twelve the two extremes may be the machine's; equal ones among the rest are no chance (3 in a million).
      const sorted = waits.toSorted((one, other) => one - other)
      must((sorted[10] ?? 0) - (sorted[1] ?? 0) > 60, `waits that differ, got ${told}`)
    },
  },
  {
    id: 'waits-grow',
    rules: ['CLOSE-2'],
    title: 'each failed attempt waits a random time, at most twice as long as the one before might have',
    run: async (client, server, changes) => {
      await client.start('general')
      const before = server.connection
      server.misbehave('refuses-upgrades')
      before.close(4000, 'restarting')
      const closed = await changes.until('the close', () => before.closed)
      const attempts = await changes.until('four attempts', () =>
        server.refusals.length >= 4 ? server.refusals : undefined,
      )
      const waits = attempts.slice(0, 4).map((at, index) => at - (attempts[index - 1] ?? closed.at))
      const told = waits.map(Math.round).join(', ')
      for (const [at, wait] of waits.entries()) {
        must(
          wait <= FIRST_MS * 2 ** at + SLACK_MS,
          `wait ${at + 1} to be at most ${FIRST_MS * 2 ** at} ms, got ${told}`,
        )
      }
      must(
        attempts[3] !== undefined && attempts[3] - closed.at > 200,
        `a server that is not there to be left in peace, got ${told}`,
      )
      server.door = 'open'
      await server.connected(2)
    },
  },
  {
    id: 'waits-at-most-15-s',
    rules: ['CLOSE-2'],
    title: 'however often it failed, it tries again within 15 s',
    slow: true,
    run: async (client, server, changes) => {
      await client.start('general')
      server.misbehave('refuses-upgrades')
      server.connection.cut()
      await changes.until('nine attempts', () => (server.refusals.length >= 9 ? true : undefined))
      const waits = server.refusals.slice(1).map((at, index) => at - (server.refusals[index] ?? at))
      must(Math.max(...waits) <= 15_000 + SLACK_MS, `waits of at most 15 s, got ${waits.map(Math.round).join(', ')}`)
    },
  },
  {
    id: 'goaway-takes-no-more-requests',
    rules: ['DRAIN-2'],
    title: 'after session.goaway nothing new is asked on that connection; it leaves with the next',
    run: async (client, server, changes) => {
      await client.start('general')
      const going = server.connection
      server.misbehave('goaway')
      await going.settled()
      const asked = going.types.length
      const sent = client.send('general', 'meanwhile')
      await going.settled()
      same('requests after session.goaway', going.types.slice(asked), [])
      going.close(4000, 'restarting')
      same('the outcome', await sent, { is: 'done' })
      must(server.connection !== going, 'another connection')
      await changes.until('the drained connection to be closed', () => going.closed)
    },
  },
  {
    id: 'goaway-gets-its-replies',
    rules: ['DRAIN-2', 'SEND-7'],
    title: 'what was asked before session.goaway takes its reply after it',
    run: async (client, server, changes) => {
      await client.start('general')
      const held = server.hold('message.send')
      const sent = client.send('general', 'under way')
      const asked = await changes.until('the message', () => held[0])
      server.misbehave('goaway')
      asked.release()
      same('the outcome', await sent, { is: 'done' })
      asked.connection.close(4000, 'restarting')
      await server.connected(2)
      await server.asked('session.resume')
      await server.connection.settled()
      same('times that it was sent', held.length, 1)
    },
  },
  {
    id: 'goaway-spreads',
    rules: ['DRAIN-2'],
    title: 'clients of a server that goes away come back over the time that it named',
    run: async (client, server, changes) => {
      const spreadMs = 4_000
      const clients = [client]
      while (clients.length < 8) clients.push(await client.another())
      for (const one of clients) await one.start('general')
      const going = [...server.connections]
      for (const connection of going) {
        connection.send({ type: 'session.goaway', data: { withinMs: 5_000, spreadMs } })
        connection.judge.isLeaving = true
        connection.close(4000, 'restarting')
      }
      await changes.until('all to come back', () => server.connections.length >= 16 || undefined)
      const closedAt = Math.min(...going.map(({ closed }) => closed?.at ?? Number.POSITIVE_INFINITY))
      const waits = server.connections.slice(8).map(({ openedAt }) => openedAt - closedAt)
      const told = waits.map(Math.round).join(', ')
      must(Math.max(...waits) <= spreadMs + SLACK_MS, `all back within ${spreadMs} ms, got ${told}`)
      must(Math.max(...waits) - Math.min(...waits) > FIRST_MS, `returns over more than ${FIRST_MS} ms, got ${told}`)
    },
  },
  {
    id: 'leaves-a-server-that-stays',
    rules: ['DRAIN-2'],
    title: 'a server that said it goes away and does not close in time is left',
    run: async (client, server, changes) => {
      await client.start('general')
      const going = server.connection
      const told = performance.now()
      server.misbehave('goaway-and-stays')
      const closed = await changes.until('the connection to be left', () => going.closed)
      must(closed.at - told >= 250, `the server to have its time, left after ${Math.round(closed.at - told)} ms`)
      await server.connected(2)
    },
  },
]
