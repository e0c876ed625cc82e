import { type ClientCase, same } from '../case.ts'
import { refusal } from '../server/answers.ts'
import type { KitServer } from '../server/kit-server.ts'
import { ACCOUNT, FIRST_TOKEN, grantAt } from '../server/wire-data.ts'

/** The next log-in is to be refreshed this long from now, by the server's clock. */
function refreshIn(server: KitServer, duration: number): void {
  server.answers['auth.login'] = () => ({
    data: { user: ACCOUNT, ...grantAt(server.wall(), server.token), refreshAt: server.wall() + duration },
  })
}

export const sessionCases: readonly ClientCase[] = [
  {
    id: 'refreshes-when-due',
    rules: ['AUTH-8'],
    title: 'a session past its refreshAt is refreshed',
    run: async (client, server) => {
      refreshIn(server, -1)
      await client.login()
      await server.asked('auth.refresh')
    },
  },
  {
    id: 'refreshes-by-the-servers-clock',
    rules: ['CLOCK-2', 'AUTH-8'],
    title: 'expiry is reckoned by the server’s clock, ten years ahead or behind the client’s own',
    run: async (client, server) => {
      const clients = [client, await client.another(), await client.another()]
      for (const [at, [clock, duration]] of (
        [
          ['clock-ahead', -1],
          ['clock-ahead', 3_600_000],
          ['clock-behind', 3_600_000],
        ] as const
      ).entries()) {
        server.misbehave(clock)
        refreshIn(server, duration)
        await clients[at]?.login()
        if (duration < 0) await server.asked('auth.refresh')
        await server.connection.settled()
        same(`refreshes, ${clock}`, server.connection.asked('auth.refresh').length, duration < 0 ? 1 : 0)
      }
    },
  },
  {
    id: 'uses-the-new-token',
    rules: ['AUTH-9'],
    title: 'a token that replaced another is used from then on',
    run: async (client, server) => {
      refreshIn(server, -1)
      server.once('auth.refresh', () => {
        server.misbehave('token-replaced')
        return { data: grantAt(server.wall(), server.token) }
      })
      await client.login()
      await server.asked('auth.refresh')
      await server.connection.settled()
      server.connection.cut()
      const { data } = await server.asked('session.resume')
      same('the token', data.token, server.token)
    },
  },
  {
    id: 'keeps-the-token-of-a-lost-refresh',
    rules: ['AUTH-9'],
    title: 'a refresh whose reply is lost costs nothing: the token before is used',
    run: async (client, server) => {
      refreshIn(server, -1)
      server.once('auth.refresh', (_data, connection) => {
        connection.cut()
        return undefined
      })
      await client.login()
      const { data } = await server.asked('session.resume')
      same('the token', data.token, FIRST_TOKEN)
    },
  },
  {
    id: 'a-refused-resume-ends-it',
    rules: ['AUTH-4', 'RES-1'],
    title: 'a token that is refused is not tried again: the client is closed',
    run: async (client, server) => {
      await client.start('general')
      server.misbehave('resume-refused')
      server.connection.cut()
      await client.reaches('closed')
      same('resumes', server.connections.flatMap((one) => one.asked('session.resume')).length, 1)
    },
  },
  {
    id: 'a-crowded-resume-comes-again',
    rules: ['LIMIT-7'],
    title: 'a resume that is refused for now, and its close with 4004, sign nobody out',
    run: async (client, server) => {
      await client.start('general')
      server.once('session.resume', (_data, connection) => {
        setImmediate(() => connection.close(4004, 'crowded'))
        return refusal('rate_limited', { retryable: true, retryAfterMs: 100 })
      })
      server.connection.cut()
      await server.asked('session.resume', 2)
      server.post('general', ['back'])
      await client.gets('back')
    },
  },
]
