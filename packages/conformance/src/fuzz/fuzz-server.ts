import { ERROR_CODES } from '@arclight/core'
import { LIMITS, type LogEntry, requests } from '@arclight/core/protocol'
import { seededRandom } from '@arclight/core/testing'
import * as z from 'zod/mini'
import { Line, type ServerMessage } from './line.ts'
import { type Known, RandomRequests } from './random-request.ts'

/** How a server is fuzzed. */
export interface FuzzOptions {
  readonly url: string
  /** Decides every request. */
  readonly seed: number
  /** How many requests. */
  readonly requests: number
  /** Makes an account, or names one that there is, for the fuzzer and for a bystander: what `auth.login` takes. */
  readonly accounts: readonly [Account, Account]
  /** How long replies may take; 15 s unless told. */
  readonly patienceMs?: number | undefined
}

interface Account {
  readonly name: string
  readonly password: string
}

/** What came of it. */
export interface FuzzReport {
  readonly seed: number
  readonly requests: number
  /** How often each outcome came: `ok`, or an error's code. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Messages of the bystander that came and went meanwhile. */
  readonly bystander: number
  /** What a server must not do; empty where it did nothing wrong. */
  readonly problems: readonly string[]
}

/** So many at a time: half of what may wait for a reply. */
const BATCH = LIMITS.pendingRequests / 2
const MOST_PROBLEMS = 20
const CODES: ReadonlySet<string> = new Set(ERROR_CODES)

/**
 * Sends thousands of requests that are nearly right to a server that runs, and holds it to this: each gets exactly one
 * reply, which fits its schema; none is `internal`; the connection stays; and a bystander notices nothing.
 */
export async function fuzzServer(options: FuzzOptions): Promise<FuzzReport> {
  const { url, seed } = options
  const random = seededRandom(seed)
  const problems: string[] = []
  const outcomes: Record<string, number> = {}
  const line = await signedIn(url, options.accounts[0])
  const bystander = await signedIn(url, options.accounts[1])
  await bystander.ask('channel.join', { channel: 'general' })
  const made = makers(random)
  let sent = 0
  let spoken = 0
  while (sent < options.requests && problems.length < MOST_PROBLEMS) {
    const batch = new Map<number, { type: string; data: unknown }>()
    for (let at = 0; at < BATCH && sent < options.requests; at++, sent++) {
      const request = made.next()
      if (JSON.stringify(request).length > LIMITS.controlBytes - 100) continue
      batch.set(line.post(request.type, request.data), request)
    }
    const text = `bystander ${spoken++}`
    const said = say(bystander, text)
    const impatience = setTimeout(() => line.close(), options.patienceMs ?? 15_000)
    try {
      for (const id of batch.keys())
        await line.until(`a reply to ${JSON.stringify(batch.get(id))}`, () => line.replies(id)[0])
      await line.settled()
    } catch (error) {
      problems.push(`${(error as Error).message}, after ${sent} requests`)
      break
    } finally {
      clearTimeout(impatience)
    }
    for (const [id, { type, data }] of batch) judge(type, data, line.replies(id))
    problems.push(...(await said))
    made.learn(line.messages)
    line.messages.length = 0
  }
  // Where its line is lost, that is said below.
  await bystander.settled().catch(() => {})
  for (const problem of [...line.unreadable, ...bystander.unreadable]) problems.push(`a frame that is none: ${problem}`)
  problems.push(...entriesOf(bystander, spoken))
  if (line.closed) problems.push(`the connection was closed with ${line.closed.code} ${line.closed.reason}`)
  for (const one of [line, bystander]) one.close()
  return { seed, requests: sent, outcomes, bystander: spoken, problems }

  function judge(type: string, data: unknown, replies: readonly ServerMessage[]): void {
    const asked = `${type} ${JSON.stringify(data)?.slice(0, 300)}`
    const [reply] = replies
    if (replies.length !== 1 || !reply) return void problems.push(`${replies.length} replies to ${asked}`)
    const error = reply['error'] as { code?: string } | undefined
    const code = error?.code ?? 'ok'
    outcomes[code] = (outcomes[code] ?? 0) + 1
    if (error && (!CODES.has(code) || code === 'internal')) problems.push(`${JSON.stringify(error)} to ${asked}`)
    const schema = Object.hasOwn(requests, type) ? requests[type as keyof typeof requests] : undefined
    if (!schema) {
      if (code !== 'unknown_type') problems.push(`${code} to a request of an unknown type: ${asked}`)
      return
    }
    if (error) return
    const result = z.safeParse(schema.reply, reply['data'])
    if (!result.success)
      problems.push(`a reply that does not fit its schema (${z.prettifyError(result.error)}) to ${asked}`)
    if (!z.safeParse(schema.request, data ?? {}).success)
      problems.push(`ok to a request that does not fit its schema: ${asked}`)
  }
}

/** What makes requests mean something: channels that there are, tokens, numbers that the server gave. */
function makers(random: () => number) {
  const learnt: Record<string, unknown[]> = { track: [1], recording: ['none'], session: ['none'] }
  const known: Known = {
    channel: ['general', 'lounge', 'general', 'lounge', 'nowhere'],
    clientId: Array.from({ length: 40 }, (_, at) => `fuzz-${at}`),
    text: ['hello', 'x'.repeat(4_000), '弧光'],
    device: ['laptop', 'phone'],
    key: ['microphone', 'camera'],
    ...learnt,
  }
  const requestsOf = new RandomRequests({ random, known: () => known, without: ['auth.logout'] })
  return {
    next: () => requestsOf.next(),
    /** Track and recording numbers come back in later requests. */
    learn: (messages: readonly ServerMessage[]): void => {
      for (const { data } of messages) {
        const { track, recording } = (data ?? {}) as { track?: unknown; recording?: { id?: unknown } }
        if (typeof track === 'number') remember(learnt['track'], track)
        if (typeof recording?.id === 'string') remember(learnt['recording'], recording.id)
      }
    },
  }
}

/** The newest few. */
function remember(values: unknown[] | undefined, value: unknown): void {
  values?.push(value)
  if (values && values.length > 8) values.shift()
}

async function signedIn(url: string, account: Account): Promise<Line> {
  const line = await Line.open(url)
  const reply = await line.ask('auth.login', account)
  if ('error' in reply) throw new Error(`${account.name} cannot sign in: ${JSON.stringify(reply['error'])}`)
  return line
}

/** What is wrong with how the bystander's message was taken. */
async function say(bystander: Line, text: string): Promise<string[]> {
  try {
    const reply = await bystander.ask('message.send', { channel: 'general', clientId: text, text })
    return 'error' in reply ? [`the bystander’s message was refused: ${JSON.stringify(reply)}`] : []
  } catch (error) {
    return [`the bystander’s message: ${(error as Error).message}`]
  }
}

/** What everybody in a channel is told of the others in it. */
const TOLD_TO_ALL = [
  'session.hello',
  'user.changed',
  'role.changed',
  'typing.changed',
  'channel.changed',
  'channel.ordered',
  'channel.removed',
]

/** What is wrong with what a bystander got: all of its messages once, a log without a gap, and nothing else. */
function entriesOf(bystander: Line, spoken: number): string[] {
  const problems: string[] = []
  const entries = bystander.messages.filter((message) => 'seq' in message) as unknown as LogEntry[]
  for (const [at, { seq }] of entries.entries()) {
    const before = entries[at - 1]
    if (before && seq !== before.seq + 1) problems.push(`the bystander got entry ${seq} after ${before.seq}`)
  }
  // What the fuzzer does to the bystander's messages are entries too.
  const created = entries.filter(({ type }) => type === 'message.created')
  const own = created.map(({ data }) => data.message.text).filter((text) => text.startsWith('bystander '))
  const expected = Array.from({ length: spoken }, (_, at) => `bystander ${at}`)
  if (JSON.stringify(own) !== JSON.stringify(expected))
    problems.push(`the bystander’s messages came as ${own.join(', ')}`)
  const others = bystander.messages.filter(
    (one) => !('re' in one) && !('seq' in one) && !TOLD_TO_ALL.includes(String(one['type'])),
  )
  for (const other of others) problems.push(`the bystander got ${JSON.stringify(other).slice(0, 200)}`)
  if (bystander.closed) problems.push(`the bystander was closed with ${bystander.closed.code}`)
  return problems
}
