import { randomBytes } from 'node:crypto'
import type { Account } from '@arclight/core'
import type { Authenticated, ChannelSummary, ReplyEnvelope, SessionHello } from '@arclight/core/protocol'
import { FrameLog } from '../frame-log.ts'
import { AddressRates, RateUsedUp } from './address-rates.ts'
import type { Login, ServerRunOptions } from './options.ts'
import { Peer, type PeerSurroundings } from './peer.ts'
import { wait } from './wait.ts'

const TIMEOUT_MS = 5_000
/** Accounts of each kind. */
const [QUICK, SLOW] = [3, 2]
/** For every account of the kit. */
const PASSWORD_BYTES = 12
/** For a rate that an earlier run has used up. */
const MOST_WAITING_MS = 60_000

/** An account that the kit uses, and a session of it. */
export interface KitAccount extends Login {
  readonly id: string
  readonly role: Account['role']
  readonly token: string
}

/** The server cannot be tried at all. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
}

/** What the kit found out about the server before the first case. */
export interface Target {
  readonly options: ServerRunOptions
  readonly url: URL
  readonly httpUrl: URL
  readonly timeoutMs: number
  readonly hello: SessionHello
  readonly capabilities: ReadonlySet<string>
  /**
   * Of ordinary cases, three of them, and of those that take seconds, whom nobody gives another role meanwhile; the same ones where
   * there are no more. None where the kit could not sign in.
   */
  readonly accounts: { readonly quick: readonly KitAccount[]; readonly slow: readonly KitAccount[] }
  /** Why there is no account, or no second one. */
  readonly lacking: string
  readonly channels: readonly ChannelSummary[]
  /** What a server without an owner said to those without its code; undefined where it has one. */
  readonly beforeOwner: { readonly without: ReplyEnvelope; readonly wrong: ReplyEnvelope } | undefined
  /** Whether the kit made the first account. */
  readonly fresh: boolean
  readonly rates: AddressRates
  /** Every token that the run was given. */
  readonly granted: Set<string>
  /** What is made once for several cases, by name. */
  readonly shared: Map<string, Promise<unknown>>
}

/** A name that nobody has. */
export function uniqueName(prefix = 'kit'): string {
  return `${prefix} ${randomBytes(6).toString('hex')}`
}

export function newLogin(): Login {
  return { name: uniqueName(), password: randomBytes(PASSWORD_BYTES).toString('base64url') }
}

/** Looks at the server and signs in. Throws {@link TargetError} where nothing can be tried. */
export async function openTarget(options: ServerRunOptions): Promise<Target> {
  const url = new URL(options.url)
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const [rates, granted] = [new AddressRates(), new Set<string>()]
  const surroundings = surroundingsOf({ options, url, timeoutMs, rates, granted })
  const { hello, peer } = await greeted(surroundings)
  peer.dispose()
  const accounts: KitAccount[] = []
  let beforeOwner: Target['beforeOwner']
  let lacking = ''
  const fresh = hello.registration === 'claim'
  if (fresh) beforeOwner = await askBeforeOwner(surroundings)
  for (let number = 1; number <= QUICK + SLOW && lacking === ''; number++) {
    const given = number === 1 ? options.user : number === 2 ? options.user2 : undefined
    if (number > 2 && (options.user || options.user2)) break
    const registration = number === 1 ? hello.registration : 'open'
    try {
      accounts.push(await account(surroundings, registration, given, options.claim))
    } catch (error) {
      // Who was named is to be used; without a name much can be tried all the same.
      if (given || (registration === 'claim' && options.claim !== undefined)) throw error
      lacking = (error as Error).message
    }
  }
  const quick = accounts.slice(0, QUICK)
  const slow = accounts.length === QUICK + SLOW ? accounts.slice(QUICK) : quick
  return {
    options,
    url,
    httpUrl: new URL(options.httpUrl ?? url.origin.replace(/^ws/, 'http')),
    timeoutMs,
    hello,
    capabilities: new Set(hello.capabilities),
    accounts: { quick, slow },
    lacking,
    channels: quick[0] ? await channelsOf(surroundings, quick[0]) : [],
    beforeOwner,
    fresh: beforeOwner !== undefined && accounts.length > 0,
    rates,
    granted,
    shared: new Map(),
  }
}

/** Ends every session that the run was given. */
export async function closeTarget(target: Target): Promise<void> {
  const surroundings = surroundingsOf(target)
  for (const token of [...target.granted]) {
    try {
      const { peer } = await greeted(surroundings)
      const signedIn = await peer.request('auth.token', { token })
      if (!('error' in signedIn)) await peer.request('auth.logout', {})
      peer.dispose()
    } catch (error) {
      if (error instanceof TargetError) return
      // The server has ended the session by itself.
    }
  }
}

type Reached = Pick<Target, 'options' | 'url' | 'timeoutMs' | 'rates' | 'granted'>

/** Before the first case, and behind the last, there is nobody to blame for what does not fit its schema. */
function surroundingsOf({ options, url, timeoutMs, rates, granted }: Reached): PeerSurroundings {
  return { url: url.href, ca: options.ca, log: new FrameLog(), timeoutMs, rates, granted, lenient: true }
}

async function greeted(surroundings: PeerSurroundings): Promise<{ peer: Peer; hello: SessionHello }> {
  try {
    const peer = await Peer.connect(surroundings)
    const hello = await peer.event('session.hello')
    return { peer, hello }
  } catch (error) {
    throw new TargetError(`${surroundings.url} is no server that can be tried: ${(error as Error).message}`)
  }
}

async function askBeforeOwner(surroundings: PeerSurroundings): Promise<NonNullable<Target['beforeOwner']>> {
  const { peer } = await greeted(surroundings)
  try {
    const without = await peer.request('auth.register', newLogin())
    return { without, wrong: await peer.request('auth.register', { ...newLogin(), claim: 'NOT-THE-CODE' }) }
  } finally {
    peer.dispose()
  }
}

async function account(
  surroundings: PeerSurroundings,
  registration: SessionHello['registration'],
  given: Login | undefined,
  claim: string | undefined,
): Promise<KitAccount> {
  if (!given && registration === 'closed') throw new TargetError('registration is closed: --user and --user2 name some')
  if (!given && registration === 'claim' && claim === undefined) {
    throw new TargetError('the server has no owner yet: --claim takes its code')
  }
  const login = given ?? newLogin()
  const extra = registration === 'claim' && claim !== undefined ? { claim } : {}
  const [type, data] = given ? (['auth.login', login] as const) : (['auth.register', { ...login, ...extra }] as const)
  const reply = await authenticate(surroundings, type, { ...data, label: 'conformance kit' })
  if ('error' in reply) {
    const wish = given ? `${login.name} cannot log in` : 'no account can be made'
    throw new TargetError(`${wish}: ${reply.error.code}, ${reply.error.message}`)
  }
  const { user, token } = reply.data as Authenticated
  return { ...login, id: user.id, role: user.role, token }
}

/** Each try has a connection of its own: the server closes one that has not authenticated after 10 s. */
async function authenticate(surroundings: PeerSurroundings, type: string, data: object): Promise<ReplyEnvelope> {
  for (const until = performance.now() + MOST_WAITING_MS; ; ) {
    const { peer } = await greeted(surroundings)
    try {
      return await peer.request(type, data)
    } catch (error) {
      if (!(error instanceof RateUsedUp)) throw error
      if (performance.now() > until) throw new TargetError(error.message)
    } finally {
      peer.dispose()
    }
    await wait(surroundings.rates.untilOne(type))
  }
}

async function channelsOf(surroundings: PeerSurroundings, { token }: KitAccount): Promise<ChannelSummary[]> {
  const { peer } = await greeted(surroundings)
  try {
    await peer.request('auth.token', { token })
    const reply = await peer.request('channel.list', {})
    return 'error' in reply ? [] : ((reply.data as { channels?: ChannelSummary[] }).channels ?? [])
  } finally {
    peer.dispose()
  }
}
