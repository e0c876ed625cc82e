import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import type { Claim } from './claim.ts'
import type { Invites } from './invites.ts'
import { nameKey } from './name-key.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { SecondFactors } from './second-factors.ts'
import { createId } from './token.ts'

/** Whether accounts can be made: by anybody, by whoever has an invite, by whoever has the claim, by nobody. */
export type RegistrationState = 'open' | 'invite' | 'claim' | 'closed'

const OWNER = 'owner'
const PLAIN = 'member'

/** What the operator says. */
export type Registration = Exclude<RegistrationState, 'claim'>

/** Accounts with a password. */
export class Accounts {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #registration: Registration
  readonly #claim: Claim | undefined
  readonly #standings: Pick<Standings, 'give'>
  readonly #hasher: PasswordHasher
  readonly #invites: Invites
  readonly #secondFactors: Pick<SecondFactors, 'check'>
  #owner: string | undefined

  constructor(parts: {
    storage: Storage
    clock: Clock
    registration: Registration
    claim?: Claim | undefined
    standings: Pick<Standings, 'give'>
    hasher: PasswordHasher
    invites: Invites
    secondFactors: Pick<SecondFactors, 'check'>
  }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#registration = parts.registration
    this.#claim = parts.claim
    this.#standings = parts.standings
    this.#hasher = parts.hasher
    this.#invites = parts.invites
    this.#secondFactors = parts.secondFactors
  }

  async load(): Promise<void> {
    this.#owner = await this.#storage.accounts.owner()
  }

  /** With a claim configured, nobody registers before the owner. */
  get registration(): RegistrationState {
    return this.#claim && this.#owner === undefined ? 'claim' : this.#registration
  }

  /** `local` is whether the caller sits on this machine, which a claim demands. */
  async register(data: {
    name: string
    password: string
    claim?: string | undefined
    invite?: string | undefined
    local: boolean
  }): Promise<Account> {
    const claim = this.admit(data)
    // A server too busy for the hash must not cost anybody their code: it is spent last.
    const passwordHash = await this.#hasher.hash(data.password)
    const owner = claim !== undefined
    if (owner && !(await this.#claim?.redeem(claim))) {
      throw new Refusal('registration_closed', 'that claim code is wrong, used or older than 15 minutes')
    }
    const invite = owner || data.invite === undefined ? undefined : await this.#invites.redeem(data.invite)
    const id = await createId()
    const account: Account = { id, name: data.name, role: owner ? OWNER : (invite?.role ?? PLAIN) }
    const createdAt = this.#clock.wall()
    const stored = { ...account, passwordHash, nameKey: nameKey(data.name), createdAt }
    if (!(await this.#storage.accounts.create(stored))) {
      if (invite) await this.#invites.restore(invite.id)
      throw new Refusal('conflict', 'that name is taken')
    }
    if (owner) this.#owner = id
    this.#standings.give(id, account.role)
    return account
  }

  /** One answer for an unknown name and for a wrong password, after the same time; the second factor comes after both. */
  async login(data: { name: string; password: string; code?: string | undefined }): Promise<Account> {
    const stored = await this.#storage.accounts.byNameKey(nameKey(data.name))
    // A bot has no password, and no word of it is told.
    const right = stored?.passwordHash
      ? await this.#hasher.verify(stored.passwordHash, data.password)
      : await this.#hasher.verifyNobody(data.password)
    if (!stored || !right) throw new Refusal('invalid_credentials', 'that name and password do not fit')
    await this.#secondFactors.check(stored, data.code)
    const { passwordHash: _hash, ...account } = stored
    return account
  }

  /** Returns the claim to redeem where one is needed; throws where there is to be no account. */
  admit(data: { claim?: string | undefined; invite?: string | undefined; local: boolean }): string | undefined {
    switch (this.registration) {
      case 'open':
        return undefined
      case 'closed':
        throw new Refusal('registration_closed', 'this server takes no new accounts')
      case 'invite':
        if (data.invite !== undefined) return undefined
        throw new Refusal('registration_closed', 'this server takes new accounts by invite alone')
      case 'claim':
        if (data.claim === undefined) {
          throw new Refusal(
            'registration_closed',
            'this server has no owner yet: register with its first-run claim code',
          )
        }
        if (!data.local) throw new Refusal('registration_closed', 'a claim is accepted only from the server itself')
        return data.claim
    }
  }
}
