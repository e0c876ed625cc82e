import type { ClientCase } from './case.ts'
import { clientCases } from './cases/index.ts'
import { Changes } from './changes.ts'
import type { ClientUnderTest } from './client-under-test.ts'
import { KitServer } from './server/kit-server.ts'
import { TestedClient } from './tested-client.ts'

/** What became of one case. */
export interface CaseResult {
  readonly id: string
  readonly rules: readonly string[]
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it failed or was skipped. */
  readonly why?: string | undefined
  readonly durationMs: number
}

/** How cases are run. */
export interface RunOptions {
  readonly client: ClientUnderTest
  /** Those with these ids; all unless told. */
  readonly only?: readonly string[] | undefined
  /** Those too that take the protocol's own times: minutes instead of seconds. */
  readonly slow?: boolean | undefined
  /** How many run at a time; 8 unless told. */
  readonly atOnce?: number | undefined
  /** How long a case may take; 30 s unless told, 180 s for slow ones. */
  readonly patienceMs?: number | undefined
  /** Told of each as it ends. */
  readonly told?: ((result: CaseResult) => void) | undefined
}

/** In the cases that are about it a request waits this long, where the client can be told. */
const SHORT_REQUEST_MS = 1_500
const PATIENCE_MS = 30_000
/** The protocol's own times: probes of 10 s, replies after 10 s, waits of 15 s. */
const SLOW_PATIENCE_MS = 180_000

/** Runs the cases against a client, each with a server of its own; resolves with what became of them, in their order. */
export async function runClientCases(options: RunOptions): Promise<readonly CaseResult[]> {
  const { only, atOnce = 8 } = options
  const unknown = only?.find((id) => !clientCases.some((one) => one.id === id))
  if (unknown !== undefined) throw new TypeError(`there is no case ${unknown}`)
  const cases = only ? clientCases.filter(({ id }) => only.includes(id)) : clientCases
  const results = new Map<string, CaseResult>()
  const waiting = [...cases]
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await runClientCase(next, options)
      results.set(next.id, result)
      options.told?.(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return cases.flatMap(({ id }) => results.get(id) ?? [])
}

/** Runs one case; it never rejects. */
export async function runClientCase(
  one: ClientCase,
  { client, slow = false, patienceMs }: RunOptions,
): Promise<CaseResult> {
  const { id, rules, title } = one
  const started = performance.now()
  const result = (outcome: CaseResult['outcome'], why?: string): CaseResult => {
    return { id, rules, title, outcome, why, durationMs: Math.round(performance.now() - started) }
  }
  const missing = one.needs?.find((need) => !client.supports.includes(need))
  if (missing !== undefined) return result('skipped', `${client.name} does not have ${missing}`)
  const isSlow = one.slow ?? (one.slowWithout !== undefined && !client.supports.includes(one.slowWithout))
  if (isSlow && !slow) return result('skipped', 'it is slow: it runs in the long form')
  try {
    await attempt(one, client, patienceMs ?? (isSlow ? SLOW_PATIENCE_MS : PATIENCE_MS))
    return result('passed')
  } catch (error) {
    return result('failed', error instanceof Error ? error.message : String(error))
  }
}

async function attempt(one: ClientCase, under: ClientUnderTest, patience: number): Promise<void> {
  const changes = new Changes()
  const server = await KitServer.start(changes)
  const timer = setTimeout(() => changes.end(`nothing came for ${patience} ms`), patience)
  const overtime = changes.until('the case to end', () => false)
  let client: TestedClient | undefined
  try {
    const isShort = one.slowWithout === 'requestMs' && under.supports.includes('requestMs')
    const requestMs = isShort ? SHORT_REQUEST_MS : undefined
    client = await TestedClient.create(under, changes, { url: server.url, requestMs })
    await Promise.race([one.run(client, server, changes), overtime])
    const [fault] = server.faults
    if (fault !== undefined) throw new Error(server.faults.join('\n'))
  } catch (error) {
    // What the client sent wrongly is often why the rest went wrong.
    const { faults } = server
    if (faults.length === 0) throw error
    throw new Error([(error as Error).message, ...faults].join('\n'))
  } finally {
    clearTimeout(timer)
    overtime.catch(() => {})
    changes.end('the case is over')
    await client?.close().catch(() => {})
    await server.close()
  }
}
