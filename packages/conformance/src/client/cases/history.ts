import { type ClientCase, same } from '../case.ts'

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`)

export const historyCases: readonly ClientCase[] = [
  {
    id: 'history-meets-live',
    rules: ['HIST-3', 'HIST-2'],
    title: 'the past and the live messages have nothing in common and nothing between them',
    needs: ['history'],
    run: async (client, server) => {
      server.post('general', numbered(1, 230))
      await client.start('general')
      server.post('general', numbered(231, 235))
      await client.gets('235')
      same('the outcome', await client.perform({ do: 'walk', channel: 'general' }), { is: 'done' })
      server.post('general', ['236'])
      await client.gets('236')
      const seqs = [...client.all('past'), ...client.all('message')].map(({ seq }) => seq)
      same(
        'messages',
        [...seqs].sort((one, other) => one - other),
        numbered(1, 236).map(Number),
      )
    },
  },
  {
    id: 'history-is-not-older-than-live',
    rules: ['EDIT-3'],
    title: 'what changed while a page was on its way is right in the end, whichever came first',
    needs: ['history', 'edits'],
    run: async (client, server, changes) => {
      server.post('general', numbered(1, 120))
      await client.start('general')
      const log = server.log('general')
      // Pages as of before the changes, which overtake them.
      const good = server.answers['history.page']
      const held = server.hold('history.page')
      const walked = client.perform({ do: 'walk', channel: 'general' })
      for (let at = 0, isOver = false; !isOver; at++) {
        const next = await Promise.race([changes.until(`page ${at}`, () => held[at]), walked.then(() => undefined)])
        isOver = next === undefined
        if (!next) break
        const says = good?.(next.request.data as never, next.connection)
        for (const seq of [3, 60, 110]) server.announce(log.change(seq, { text: `${seq} changed ${at}` }))
        await next.connection.settled()
        next.release(() => says)
      }
      same('the outcome', await walked, { is: 'done' })
      server.announce(log.delete(7))
      server.post('general', ['last'])
      await client.gets('last')
      same(
        'what is shown',
        client.shown(),
        log.texts.filter((text) => text !== ''),
      )
    },
  },
]
