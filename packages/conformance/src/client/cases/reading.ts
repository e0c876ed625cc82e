import { type ClientCase, same } from '../case.ts'

export const readingCases: readonly ClientCase[] = [
  {
    id: 'counts-what-is-unread',
    rules: ['READ-2'],
    title: 'what is unread grows with each message that comes, and mentions are counted',
    needs: ['reads'],
    run: async (client, server) => {
      server.post('general', ['1', '2', '3'])
      server.read.set('general', 2)
      await client.start('general')
      await client.perform({ do: 'count', channel: 'general' })
      await client.hears('unread', 'one unread', ({ unread }) => unread === 1)
      server.post('general', ['4'])
      const author = { id: 'u2', name: 'ben' }
      const appended = server
        .log('general')
        .append({ author, clientId: 'mention', text: '@mei', mentions: ['u1', 'u3'] })
      if (appended !== 'out_of_order') server.announce(appended.entry)
      await client.hears('unread', 'three unread', ({ unread }) => unread === 3)
      same('the last count', client.all('unread').at(-1), { is: 'unread', channel: 'general', unread: 3, mentions: 1 })
    },
  },
  {
    id: 'reads-with-other-devices',
    rules: ['READ-3'],
    title: 'what another device has read is read here, also what it read while this one was away',
    needs: ['reads'],
    run: async (client, server) => {
      server.post('general', ['1', '2', '3'])
      await client.start('general')
      await client.perform({ do: 'count', channel: 'general' })
      await client.hears('unread', 'three unread', ({ unread }) => unread === 3)
      server.read.set('general', 2)
      server.connection.send({ type: 'read.changed', data: { channel: 'general', read: server.marker('general') } })
      await client.hears('unread', 'one unread', ({ unread }) => unread === 1)
      server.read.set('general', 3)
      server.connection.cut()
      await client.hears('unread', 'none unread', ({ unread }) => unread === 0)
    },
  },
]
