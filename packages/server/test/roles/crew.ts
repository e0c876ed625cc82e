import { idOf, ownedServer } from '../owned-server.ts'
import type { RawClient } from '../raw-client.ts'
import type { RunningServer } from '../running-server.ts'

/** A server with its owner, an admin, a moderator and a member, all signed in. */
export interface Crew extends AsyncDisposable {
  readonly running: RunningServer
  readonly owner: RawClient
  readonly admin: RawClient
  readonly moderator: RawClient
  readonly member: RawClient
}

export async function startCrew(options: Parameters<typeof ownedServer>[0] = {}): Promise<Crew> {
  const { running, owner } = await ownedServer(options)
  const [admin, moderator, member] = [
    await running.signIn('ann'),
    await running.signIn('mod'),
    await running.signIn('mei'),
  ]
  await owner.ask('role.give', { user: idOf(admin), role: 'admin' })
  await owner.ask('role.give', { user: idOf(moderator), role: 'moderator' })
  const dispose = () => running[Symbol.asyncDispose]()
  return { running, owner, admin, moderator, member, [Symbol.asyncDispose]: dispose }
}
