import { settle } from './settle.ts'
import { type TestClient, testClient } from './test-client.ts'

/** A client that is live, as mei. */
export async function signedInClient(options: Parameters<typeof testClient>[0] = {}): Promise<TestClient> {
  const made = testClient(options)
  await made.client.login({ name: 'mei', password: 'long enough' })
  await settle()
  return made
}

/** Drops the connection and lets the client come back; resolves when nothing more happens by itself. */
export async function reconnect({ peer, clock }: TestClient): Promise<void> {
  peer.connection.close(1006)
  await settle()
  clock.advance(500)
  await settle()
}
