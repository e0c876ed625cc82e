import { type ClientCase, must, same } from '../case.ts'
import { refusal } from '../server/answers.ts'

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`)

export const resumingCases: readonly ClientCase[] = [
  {
    id: 'declares-its-cursors',
    rules: ['RES-1', 'CHAN-2'],
    title: 'a resume declares each joined channel with epoch and seq, and joins nothing else',
    run: async (client, server) => {
      server.post('general', ['before'])
      await client.start('general', 'random')
      server.post('general', ['one', 'two'])
      await client.gets('two')
      server.connection.cut()
      const { data } = await server.asked('session.resume')
      const cursors = { general: { epoch: 'e1', seq: 3 }, random: { epoch: 'e1', seq: 0 } }
      same('cursors', sorted(data.cursors), sorted(cursors))
      await server.connection.settled()
      same('requests', server.connection.types, ['session.resume'])
    },
  },
  {
    id: 'reads-what-it-missed',
    rules: ['RES-2', 'LOG-2'],
    title: 'entries that were missed are read after the cursor while live ones wait; each comes once, in order',
    run: async (client, server) => {
      await client.start('general')
      server.post('general', numbered(1, 3))
      await client.gets('3')
      server.connection.cut()
      server.post('general', numbered(4, 250), { quietly: true })
      const reads: unknown[] = []
      const good = server.answers['log.read']
      server.answers['log.read'] = (data, connection) => {
        reads.push((data as { after: number }).after)
        server.post('general', [`${server.log('general').head + 1}`])
        return good?.(data, connection)
      }
      await client.gets('250')
      server.post('general', ['last'])
      await client.gets('last')
      same('messages', client.texts(), server.log('general').texts)
      same('where the first read began', reads[0], 3)
    },
  },
  {
    id: 'fills-gaps',
    rules: ['RES-2', 'LOG-1', 'LOG-2'],
    title: 'a gap in seq is read; nothing is told before what was missing',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('gaps')
      server.post('general', numbered(1, 6))
      await client.gets('6')
      same('messages', client.texts(), numbered(1, 6))
    },
  },
  {
    id: 'tells-duplicates-once',
    rules: ['RES-2'],
    title: 'an entry that comes twice is told once',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('duplicate-events')
      server.post('general', numbered(1, 5))
      await client.send('general', 'mine')
      await client.gets('mine')
      await server.connection.settled()
      same('messages', client.texts(), [...numbered(1, 5), 'mine'])
    },
  },
  {
    id: 'puts-entries-in-order',
    rules: ['RES-2', 'LOG-1'],
    title: 'entries that come in the wrong order are told in the order of seq',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('reordered-entries')
      server.post('general', numbered(1, 6))
      await client.gets('6')
      await server.connection.settled()
      same('messages', client.texts(), numbered(1, 6))
    },
  },
  ...(['epoch-changed', 'head-below-cursor'] as const).map(
    (how): ClientCase => ({
      id: `resets-when-${how}`,
      rules: ['RES-3'],
      title:
        how === 'epoch-changed'
          ? 'a log of another epoch is another log: it is told, and live messages go on from its head'
          : 'a head below the cursor is another log: it is told, and live messages go on from its head',
      run: async (client, server) => {
        await client.start('general')
        server.post('general', numbered(1, 5))
        await client.gets('5')
        server.misbehave(how)
        server.connection.cut()
        await client.resets()
        server.post('general', ['new'])
        await client.gets('new')
        same('messages', client.texts(), [...numbered(1, 5), 'new'])
        const { epoch } = server.log('general')
        server.connection.cut()
        const { data } = await server.asked('session.resume', 2)
        same('the cursor', (data.cursors as Record<string, unknown>).general, { epoch, seq: 2 })
      },
    }),
  ),
  {
    id: 'pulls-when-it-lags',
    rules: ['TURN-2'],
    title: 'channel.lagging is answered by reading the log: no entry is lost',
    run: async (client, server) => {
      await client.start('general')
      server.post('general', ['one'])
      await client.gets('one')
      server.misbehave('lagging')
      await client.gets('held 3')
      server.post('general', ['after'])
      await client.gets('after')
      same('messages', client.texts(), ['one', 'held 1', 'held 2', 'held 3', 'after'])
      same('connections', server.connections.length, 1)
    },
  },
  {
    id: 'a-channel-that-is-gone',
    rules: ['RES-1'],
    title: 'a channel that is gone costs the others nothing, and is not declared again',
    run: async (client, server) => {
      await client.start('general', 'random')
      const good = server.answers['session.resume']
      server.once('session.resume', (data, connection) => {
        const says = good?.(data, connection)
        if (says && 'data' in says) Object.assign((says.data as { channels: object }).channels, { random: 'gone' })
        return says
      })
      server.post('general', ['missed'], { quietly: true })
      server.connection.cut()
      await client.gets('missed')
      server.connection.cut()
      const { data } = await server.asked('session.resume', 2)
      same('channels', Object.keys(data.cursors as object), ['general'])
    },
  },
  {
    id: 'a-removed-channel-is-gone',
    rules: ['CHAN-7'],
    title: 'a channel that is removed is told as gone, tells nothing more, and is not declared again',
    needs: ['channels'],
    run: async (client, server) => {
      await client.start('general', 'random')
      server.post('random', ['before'])
      await client.gets('before', 'random')
      server.connection.send({ type: 'channel.removed', data: { channel: 'random' } })
      await client.hears('gone', 'random, gone', ({ channel }) => channel === 'random')
      server.post('random', ['after'])
      server.post('general', ['goes on'])
      await client.gets('goes on')
      same('messages of the channel that is gone', client.texts('random'), ['before'])
      server.connection.cut()
      const { data } = await server.asked('session.resume')
      same('channels', Object.keys(data.cursors as object), ['general'])
      await server.connection.settled()
      same('joins', server.connection.asked('channel.join').length, 0)
    },
  },
  {
    id: 'catches-up-when-it-may',
    rules: ['LIMIT-5'],
    title: 'a read that comes too often comes again after retryAfterMs, and the application sees no error',
    run: async (client, server, changes) => {
      await client.start('general')
      const waitMs = 600
      server.once('log.read', () => refusal('rate_limited', { retryable: true, retryAfterMs: waitMs }))
      server.post('general', ['missed 1', 'missed 2'], { quietly: true })
      server.connection.cut()
      await client.gets('missed 2')
      const [first, second] = await changes.until('two reads', () => {
        const reads = server.connection.asked('log.read')
        return reads.length > 1 ? reads : undefined
      })
      const waited = (second?.at ?? 0) - (first?.at ?? 0)
      must(waited >= waitMs - 20, `the repeat after ${waitMs} ms, it came after ${Math.round(waited)}`)
    },
  },
  {
    id: 'joins-when-it-may',
    rules: ['LIMIT-5'],
    title: 'a join that comes too often comes again after retryAfterMs',
    run: async (client, server) => {
      await client.login()
      server.once('channel.join', () => refusal('rate_limited', { retryable: true, retryAfterMs: 300 }))
      const joined = client.join('general').catch(() => {})
      const again = await server.asked('channel.join', 2)
      const first = await server.asked('channel.join', 1)
      must(again.at - first.at >= 280, `the repeat after 300 ms, it came after ${Math.round(again.at - first.at)}`)
      await joined
      server.post('general', ['live'])
      await client.gets('live')
    },
  },
]

function sorted(map: unknown): unknown {
  return Object.entries(map as object).sort(([one], [other]) => (one < other ? -1 : 1))
}
