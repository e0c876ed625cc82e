import type { Account, Clock } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import { Refusal } from '../refusal.ts'
import type { Claim } from './claim.ts'
import { nameKey } from './name-key.ts'
import { PasswordHasher } from './password-hasher.ts'
import { createId } from './token.ts'

/** Whether accounts can be made: by anybody, by whoever has the claim, by nobody. */
export type RegistrationState = 'open' | 'claim' | 'closed'

/** Accounts with a password. */
export class Accounts {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #registration: 'open' | 'closed'
  readonly #claim: Claim | undefined
  readonly #hasher = new PasswordHasher()
  #owned = false

  constructor(parts: { storage: Storage; clock: Clock; registration: 'open' | 'closed'; claim?: Claim | undefined }) {
    this.#storage = parts.storage
    this.#clock = parts.clock
    this.#registration = parts.registration
    this.#claim = parts.claim
  }

  async load(): Promise<void> {
    this.#owned = await this.#storage.accounts.hasOwner()
  }

  /** With a claim configured, nobody registers before the owner. */
  get registration(): RegistrationState {
    return this.#claim && !this.#owned ? 'claim' : this.#registration
  }

  /** `local` is whether the caller sits on this machine, which a claim demands. */
  async register(data: {
    name: string
    password: string
    claim?: string | undefined
    local: boolean
  }): Promise<Account> {
    const code = this.#admit(data)
    // A server too busy for the hash must not cost the owner the code: it is spent last.
    const passwordHash = await this.#hasher.hash(data.password)
    const owner = code !== undefined
    if (owner && !(await this.#claim?.redeem(code))) {
      throw new Refusal('registration_closed', 'that claim code is wrong, used or older than 15 minutes')
    }
    const id = await createId()
    const account: Account = { id, name: data.name, role: owner ? 'owner' : 'member' }
    const createdAt = this.#clock.wall()
    const stored = { ...account, passwordHash, nameKey: nameKey(data.name), createdAt }
    if (!(await this.#storage.accounts.create(stored))) throw new Refusal('conflict', 'that name is taken')
    if (owner) this.#owned = true
    return account
  }

  /** One answer for an unknown name and for a wrong password, after the same time. */
  async login(data: { name: string; password: string }): Promise<Account> {
    const stored = await this.#storage.accounts.byNameKey(nameKey(data.name))
    const right = stored
      ? await this.#hasher.verify(stored.passwordHash, data.password)
      : await this.#hasher.verifyNobody(data.password)
    if (!stored || !right) throw new Refusal('invalid_credentials', 'that name and password do not fit')
    return { id: stored.id, name: stored.name, role: stored.role }
  }

  /** Returns the code to redeem where one is needed; throws where there is to be no account. */
  #admit({ claim, local }: { claim?: string | undefined; local: boolean }): string | undefined {
    const state = this.registration
    if (state === 'open') return undefined
    if (state === 'closed') throw new Refusal('registration_closed', 'this server takes no new accounts')
    if (claim === undefined) {
      throw new Refusal('registration_closed', 'this server has no owner yet: register with its first-run claim code')
    }
    if (!local) throw new Refusal('registration_closed', 'a claim is accepted only from the server itself')
    return claim
  }
}
