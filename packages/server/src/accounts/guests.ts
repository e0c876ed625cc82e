import { randomInt } from 'node:crypto'
import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { RequestData } from '@arclight/core/protocol'
import type { Channels } from '../channels/channels.ts'
import type { LiveSessions } from '../live-sessions.ts'
import type { Access } from '../permissions/access.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Uploads } from '../uploads/uploads.ts'
import type { Silences } from '../voice/silences.ts'
import type { Accounts } from './accounts.ts'
import type { Blocks } from './blocks.ts'
import type { Invites } from './invites.ts'
import { nameKey } from './name-key.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { Profiles } from './profiles.ts'
import { createId } from './token.ts'
import { summaryOf } from './user-summary.ts'

/** What letting guests in takes. */
export interface GuestsParts {
  readonly storage: Pick<Storage, 'accounts' | 'uploads'>
  readonly clock: Clock
  /** Whether the operator lets any in. */
  readonly allowed: boolean
  readonly accounts: Pick<Accounts, 'registration' | 'admit'>
  readonly standings: Standings
  readonly hasher: PasswordHasher
  readonly invites: Invites
  readonly access: Access
  readonly profiles: Pick<Profiles, 'tell'>
  readonly live: LiveSessions
  readonly channels: Pick<Channels, 'renew'>
  readonly uploads: Pick<Uploads, 'due'>
  readonly silences: Pick<Silences, 'forgetUser'>
  readonly blocks: Pick<Blocks, 'forgetUser'>
}

const ROLE = 'guest'
const PLAIN = 'member'
/** Without characters that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const SUFFIX_LENGTH = 6
/** Of 900 million names some are taken; so many in a row are not. */
const ATTEMPTS = 5
/** One that was made a moment ago has no session yet. */
const NEW_MS = 60_000

/** Accounts without a password, each for as long as it has a session. Throws Refusal. */
export class Guests {
  readonly #parts: GuestsParts

  constructor(parts: GuestsParts) {
    this.#parts = parts
  }

  get allowed(): boolean {
    return this.#parts.allowed
  }

  /** A new guest, of that name where it is free. */
  async enter(name: string | undefined): Promise<Account> {
    const { accounts, standings } = this.#parts
    if (!this.allowed) throw new Refusal('unknown_type', 'this server takes no guests')
    if (accounts.registration === 'claim') {
      throw new Refusal('registration_closed', 'this server has no owner yet: it takes nobody before')
    }
    const id = await createId()
    const account = await this.#create(id, name)
    standings.give(id, ROLE)
    return account
  }

  /** Makes a guest somebody with a password, who keeps all that they have. */
  async claim({ name, password, invite: code }: RequestData<'account.claim'>, guest: Account): Promise<Account> {
    const { storage, accounts, hasher, invites, standings, access, profiles } = this.#parts
    if (!guest.guest) throw new Refusal('conflict', 'this account is no guest’s')
    accounts.admit({ invite: code, local: false })
    // As in a registration: the code is spent last.
    const passwordHash = await hasher.hash(password)
    const invite = code === undefined ? undefined : await invites.redeem(code)
    const { id } = guest
    return access.change({ user: id }, async () => {
      const before = standings.who(id).role.id
      const role = before === ROLE ? (invite?.role ?? PLAIN) : before
      const outcome = await storage.accounts.claim({ id, name, nameKey: nameKey(name), passwordHash, role })
      if (outcome !== 'claimed') {
        if (invite) await invites.restore(invite.id)
        const why = outcome === 'name-taken' ? 'that name is taken' : 'this account is no guest’s'
        throw new Refusal('conflict', why)
      }
      standings.give(id, role)
      const user = { ...summaryOf(guest), name }
      const account = { ...user, role }
      profiles.tell(user, account)
      this.#tellAccount(account)
      return account
    })
  }

  /** Ends those that have no session left; called now and then. */
  async housekeep(): Promise<void> {
    const { storage, clock, channels, uploads, silences, blocks } = this.#parts
    const now = clock.wall()
    for (const { id, avatar } of await storage.accounts.endGuests({ now, before: now - NEW_MS })) {
      const ended = avatar === undefined ? undefined : await storage.uploads.setAvatar(id, undefined)
      if (ended) uploads.due()
      const [user = { id, name: '' }] = await storage.accounts.get([id])
      channels.renew(user)
      silences.forgetUser(id)
      blocks.forgetUser(id)
    }
  }

  async #create(id: string, wanted: string | undefined): Promise<Account> {
    const { storage, clock } = this.#parts
    const names = [...(wanted === undefined ? [] : [wanted]), ...Array.from({ length: ATTEMPTS }, freeName)]
    for (const name of names) {
      const account: Account = { id, name, role: ROLE, guest: true }
      const row = { ...account, passwordHash: '', nameKey: nameKey(name), createdAt: clock.wall() }
      if (await storage.accounts.create(row)) return account
    }
    throw new Refusal('unavailable', 'no name was found for another guest')
  }

  #tellAccount(user: Account): void {
    for (const { outgoing } of this.#parts.live.ofUser(user.id)) {
      outgoing.state('account', () => ({ type: 'account.changed', data: { user } }))
    }
  }
}

function freeName(): string {
  const letters = Array.from({ length: SUFFIX_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)])
  return `guest-${letters.join('')}`
}
