import { SUBPROTOCOL } from '@arclight/core/protocol'
import { type ClientCase, must, same } from '../case.ts'

export const connectionCases: readonly ClientCase[] = [
  {
    id: 'offers-the-subprotocol',
    rules: ['CONN-1'],
    title: 'every upgrade offers arclight.v1, after a drop too',
    run: async (client, server) => {
      await client.start('general')
      server.connection.cut()
      const second = await server.connected(2)
      for (const { offered } of [server.connections[0] ?? second, second]) {
        must(offered.includes(SUBPROTOCOL), `expected ${SUBPROTOCOL} among what is offered, got ${offered.join(', ')}`)
      }
    },
  },
  {
    id: 'waits-for-the-greeting',
    rules: ['CONN-2', 'MSG-6'],
    title: 'nothing is sent before the server has greeted',
    run: async (client, server) => {
      server.misbehave('never-greets')
      const signedIn = client.login()
      const connection = await server.connected(1)
      await connection.heard()
      same('requests before the greeting', connection.types, [])
      same('frames before the greeting', connection.probes.length + connection.frames.length, 0)
      server.hello = (good) => good
      server.greet(connection)
      await signedIn
    },
  },
  {
    id: 'gives-up-on-a-silent-server',
    rules: ['CONN-2'],
    title: 'a server that takes the connection and never speaks is left, and tried again',
    slowWithout: 'requestMs',
    run: async (client, server, changes) => {
      await client.start('general')
      server.misbehave('never-greets')
      server.connection.cut()
      const silent = await server.connected(2)
      await changes.until('a silent WebSocket to be left', () => silent.closed)
      server.misbehave('accepts-and-is-silent')
      const before = server.sockets
      await changes.until('two more attempts at a server that does not answer', () => server.sockets >= before + 2)
      server.door = 'open'
      server.hello = (good) => good
      server.post('general', ['back'])
      await client.gets('back')
    },
  },
  {
    id: 'authenticates-first',
    rules: ['MSG-6'],
    title: 'what the application asks for early waits until the server has let it in',
    run: async (client, server, changes) => {
      const logins = server.hold('auth.login')
      const signedIn = client.login()
      const login = await changes.until('auth.login', () => logins[0])
      const early = [client.join('general'), client.send('general', 'early')]
      await login.connection.settled()
      same('requests before the reply', login.connection.types, ['auth.login'])
      login.release()
      await Promise.all([signedIn, ...early])
      same('the log', server.log('general').texts, ['early'])
    },
  },
]
