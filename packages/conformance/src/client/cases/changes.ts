import { type ClientCase, must, same } from '../case.ts'
import type { TestedClient } from '../tested-client.ts'

/** What was told of a channel's messages, each as `message 1@3 text`: kind, seq, rev and text. */
function toldOf(client: TestedClient): string[] {
  return client.told.flatMap((what) =>
    what.is === 'message' || what.is === 'changed' || what.is === 'deleted'
      ? [`${what.is} ${what.seq}@${what.rev} ${what.text}`.trim()]
      : [],
  )
}

/** Nothing is told twice, and nothing older than what was told. */
function mustRise(client: TestedClient): void {
  const told = new Map<number, number>()
  for (const what of client.told) {
    if (what.is !== 'message' && what.is !== 'changed' && what.is !== 'deleted') continue
    const before = told.get(what.seq) ?? 0
    must((what.rev ?? 0) > before, `message ${what.seq} told at rev ${what.rev}, after it was told at ${before}`)
    told.set(what.seq, what.rev ?? 0)
  }
}

export const changeCases: readonly ClientCase[] = [
  {
    id: 'tells-changes',
    rules: ['EDIT-3'],
    title: 'a change is told as the whole message and a deletion as its tombstone, each once and in its place',
    needs: ['edits'],
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('duplicate-events')
      const log = server.log('general')
      server.post('general', ['one', 'two'])
      server.announce(log.change(1, { text: 'better', editedAt: 1_700_000_000_900 }))
      server.announce(log.delete(2))
      server.announce(log.change(1, { text: 'best', editedAt: 1_700_000_000_901 }))
      server.post('general', ['three'])
      await client.gets('three')
      const expected = ['message 1@1 one', 'message 2@2 two', 'changed 1@3 better', 'deleted 2@4', 'changed 1@5 best']
      same('what was told', toldOf(client), [...expected, 'message 6@6 three'])
    },
  },
  {
    id: 'tells-what-it-missed-as-it-is',
    rules: ['EDIT-3'],
    title: 'what changed while it was away is told once, as it is now; entries that led there say nothing more',
    needs: ['edits'],
    run: async (client, server) => {
      await client.start('general')
      server.post('general', ['one'])
      await client.gets('one')
      const log = server.log('general')
      server.post('general', ['two', 'three'], { quietly: true })
      for (const text of ['better', 'best']) for (const seq of [1, 2]) log.change(seq, { text: `${text} ${seq}` })
      log.delete(3)
      server.connection.cut()
      server.post('general', ['last'], { quietly: true })
      await client.gets('last')
      mustRise(client)
      same('what is shown', client.shown(), ['best 1', 'best 2', 'last'])
    },
  },
  {
    id: 'an-older-entry-says-nothing',
    rules: ['EDIT-3'],
    title: 'an entry that was held behind a gap says nothing where what filled the gap was newer',
    needs: ['edits'],
    run: async (client, server) => {
      await client.start('general')
      const log = server.log('general')
      server.post('general', ['one'])
      await client.gets('one')
      log.change(1, { text: 'two' })
      const held = log.change(1, { text: 'three' })
      log.change(1, { text: 'four' })
      server.announce(held)
      await client.hears('changed', 'the newest text', ({ text }) => text === 'four')
      server.post('general', ['last'])
      await client.gets('last')
      mustRise(client)
      same('what is shown', client.shown(), ['four', 'last'])
    },
  },
  {
    id: 'repeats-an-answer-whole',
    rules: ['SEND-9', 'SEND-10', 'SEND-7'],
    title: 'an answer that is sent again names the same message and mentions the same users',
    needs: ['edits'],
    run: async (client, server) => {
      await client.start('general')
      server.post('general', ['question'])
      await client.gets('question')
      server.misbehave('close-before-reply')
      const more = { replyTo: 1, mentions: ['u2', 'u9'] }
      const outcome = await client.perform({ do: 'answer', channel: 'general', text: 'answer', ...more })
      same('the outcome', outcome, { is: 'done' })
      const asked = server.connections.flatMap((connection) => connection.asked('message.send'))
      must(asked.length > 1, `the answer sent again, it was sent ${asked.length} times`)
      for (const { data } of asked) same('what it says', { replyTo: data.replyTo, mentions: data.mentions }, more)
    },
  },
]
