import { type ClientCase, same } from '../case.ts'
import { OTHER } from '../server/wire-data.ts'

const LI = { id: 'u3', name: 'li' } as const

export const presenceCases: readonly ClientCase[] = [
  {
    id: 'tells-who-types',
    rules: ['TYPE-1'],
    title: 'who types is told as the server says it, all at a time, and nobody when nobody does',
    needs: ['presence'],
    run: async (client, server) => {
      await client.start('general')
      const says = (...users: { readonly id: string; readonly name: string }[]): void =>
        server.connection.send({ type: 'typing.changed', data: { channel: 'general', users } })
      says(OTHER)
      says(OTHER, LI)
      says(LI)
      says()
      await client.hears('typing', 'nobody who types', ({ users }) => users.length === 0)
      const told = client.all('typing').map(({ users }) => users)
      same('who types', told, [[OTHER.id], [OTHER.id, LI.id], [LI.id], []])
    },
  },
  {
    id: 'types-again-after-a-reconnect',
    rules: ['TYPE-2'],
    title: 'whoever types on after a reconnect says so again: with its connection it had ended',
    needs: ['presence'],
    run: async (client, server) => {
      await client.start('general')
      await client.perform({ do: 'type', channel: 'general' })
      same('what is said', (await server.asked('typing.set')).data, { channel: 'general', typing: true })
      server.connection.cut()
      await client.reaches('live', 2)
      await client.perform({ do: 'type', channel: 'general' })
      same('what is said again', (await server.asked('typing.set', 2)).data, { channel: 'general', typing: true })
    },
  },
  {
    id: 'watches-again-after-a-reconnect',
    rules: ['PRES-1'],
    title: 'a watch is declared again on each connection, and what has changed meanwhile is told',
    needs: ['presence'],
    run: async (client, server) => {
      server.show({ user: OTHER, status: 'online' })
      await client.start('general')
      await client.perform({ do: 'watch' })
      server.show({ user: LI, status: 'away' })
      await client.hears('presence', 'li, away', ({ user, status }) => user === LI.id && status === 'away')
      server.show({ user: OTHER, status: 'offline' }, { quietly: true })
      server.show({ user: LI, status: 'busy' }, { quietly: true })
      server.connection.cut()
      await server.asked('presence.watch', 2)
      await client.hears('presence', 'ben, gone', ({ user, status }) => user === OTHER.id && status === 'offline')
      await client.hears('presence', 'li, busy', ({ user, status }) => user === LI.id && status === 'busy')
      server.show({ user: OTHER, status: 'online' })
      await client.hears('presence', 'ben, back', ({ user, status }) => user === OTHER.id && status === 'online')
    },
  },
]
