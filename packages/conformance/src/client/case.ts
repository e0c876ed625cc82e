import type { Changes } from './changes.ts'
import type { Capability } from './client-under-test.ts'
import type { KitServer } from './server/kit-server.ts'
import type { TestedClient } from './tested-client.ts'

/** One thing that every client does, whatever the server does. */
export interface ClientCase {
  readonly id: string
  /** The rules of PROTOCOL.md that it proves a part of. */
  readonly rules: readonly string[]
  readonly title: string
  readonly needs?: readonly Capability[]
  /** It takes the protocol's own times: left out unless asked for. */
  readonly slow?: true
  /** Slow only where the client cannot be given shorter times. */
  readonly slowWithout?: Capability
  /** Rejects with what the client did wrong. `changes` waits for anything that the two do. */
  run(client: TestedClient, server: KitServer, changes: Changes): Promise<void>
}

/** What a client did is not what it should have done. */
export class CaseFailure extends Error {}

/** Fails the case unless it holds; `what` says what was expected. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new CaseFailure(what)
}

/** Fails the case unless both are the same, as JSON. */
export function same(what: string, came: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(came), JSON.stringify(expected)]
  must(one === other, `${what}: expected ${clipped(other)}, got ${clipped(one)}`)
}

function clipped(text = 'nothing'): string {
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text
}
