import type { ServerOptions } from '@arclight/server'
import { InProcessClient } from './in-process-client.ts'
import type { RawClient, RawClientOptions } from './raw-client.ts'
import { PASSWORD, RunningServer } from './running-server.ts'

const CODE = 'K7QX-2M4P'

/** A server that its owner claims first: `signInOwner`. */
export function startOwned(options: Parameters<typeof RunningServer.start>[0] = {}): Promise<RunningServer> {
  return RunningServer.start({ ...options, ...claimed() })
}

/** As `startOwned`, with its owner, who is signed in. */
export async function ownedServer(
  options: Parameters<typeof RunningServer.start>[0] = {},
): Promise<{ running: RunningServer; owner: RawClient }> {
  const running = await startOwned(options)
  return { running, owner: await signInOwner(running) }
}

/** What makes a server one with an owner. */
export function claimed(): Pick<ServerOptions, 'claim'> {
  return { claim: { redeem: async (given) => given === CODE } }
}

/** The owner, whose account is made with it. Anybody may register from there on. */
export async function signInOwner(running: RunningServer, options: RawClientOptions = {}): Promise<RawClient> {
  const owner = await running.connect(options)
  await owner.authenticate('auth.register', { name: 'owner', password: PASSWORD, claim: CODE })
  return owner
}

/** The owner of a server without a network. */
export async function ownerInProcess(
  server: ConstructorParameters<typeof InProcessClient>[0],
): Promise<InProcessClient> {
  const owner = new InProcessClient(server)
  await owner.ask('auth.register', { name: 'owner', password: PASSWORD, claim: CODE })
  return owner
}

/** Another connection of the client's user. */
export async function again(running: RunningServer, client: RawClient): Promise<RawClient> {
  const other = await running.connect()
  await other.authenticate('auth.token', { token: client.authenticated.token })
  return other
}

export function idOf(client: RawClient): string {
  return client.authenticated.user.id
}

/** What a request is answered with: the code of an error, or `ok`. */
export async function outcome(client: RawClient, type: string, data: object): Promise<string> {
  const reply = await client.request(type, data)
  return 'error' in reply ? reply.error.code : 'ok'
}

/** Everything that the server had for the client has come: an answer to a probe overtakes what leaves with it. */
export async function quiet(client: RawClient): Promise<void> {
  await client.settle()
  await client.settle()
}

/** The events about channels that came and were not taken; taken with this. */
export async function channelEvents(client: RawClient): Promise<unknown[]> {
  await quiet(client)
  return client.texts
    .takeAll()
    .filter(({ type }) => typeof type === 'string' && /^channel\.(changed|ordered|removed)$/.test(type))
    .map(({ type, data }) => ({ type, data }))
}
