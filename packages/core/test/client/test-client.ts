import { type Client, createClientCore } from '../../src/client/client.ts'
import type { ConnectionState } from '../../src/client/connection-state.ts'
import { memoryTokenStore } from '../../src/client/memory-token-store.ts'
import type { ClientRuntime } from '../../src/client/options.ts'
import { validate } from '../../src/protocol/validate.ts'
import { ManualClock } from '../../src/testing/manual-clock.ts'
import { defaultAnswers } from './default-answers.ts'
import { FakeCodec } from './fake-codec.ts'
import { type Answers, ScriptedPeer } from './scripted-peer.ts'

/** A client, and everything around it that the test moves. */
export interface TestClient {
  readonly client: Client
  readonly peer: ScriptedPeer
  readonly clock: ManualClock
  readonly codec: FakeCodec
  /** The names of all states since the start. */
  readonly states: ConnectionState['name'][]
  /** What the client reported as `fault`. */
  readonly faults: unknown[]
}

/** A client that has not connected yet. It validates what the script says, so that no script drifts from the schemas. */
export function testClient(options: { answers?: Answers; runtime?: Partial<ClientRuntime> } = {}): TestClient {
  const clock = new ManualClock()
  const peer = new ScriptedPeer({ ...defaultAnswers(), ...options.answers })
  const codec = new FakeCodec()
  let ids = 0
  const runtime: ClientRuntime = {
    clock,
    random: () => 0.5,
    createId: () => `id-${++ids}`,
    connect: peer.connect,
    tokens: memoryTokenStore(),
    device: 'device-of-mei',
    audioCodec: async () => codec,
    ...options.runtime,
  }
  const client = createClientCore(runtime, { url: 'wss://talk.example.org/arclight', validate })
  const states: ConnectionState['name'][] = []
  const faults: unknown[] = []
  client.on('state', ({ name }) => states.push(name))
  client.on('fault', (fault) => faults.push(fault))
  return { client, peer, clock, codec, states, faults }
}
