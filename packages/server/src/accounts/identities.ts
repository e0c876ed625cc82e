import type { Account, Clock } from '@arclight/core'
import type { ExternalIdentity, Storage, TokenVerifier } from '@arclight/core/contracts'
import type { Logger } from '../log.ts'
import type { Standings } from '../permissions/standings.ts'
import { Refusal } from '../refusal.ts'
import { nameKey } from './name-key.ts'
import { nameAfter } from './provider-name.ts'
import { createId } from './token.ts'

const PLAIN = 'member'
/** Names that are tried before a random one: `mei`, `mei 2`, `mei 3` … */
const MOST_TRIES = 8
/** No provider would hand out such a thing, and each is kept. */
const MOST_SUBJECT = 255

/** What signing in by a provider takes. */
export interface IdentitiesParts {
  readonly storage: Pick<Storage, 'accounts' | 'identities'>
  readonly clock: Clock
  readonly standings: Pick<Standings, 'give'>
  readonly log: Logger
  /** Whether the server has its owner: nobody else comes before. */
  readonly owned: () => boolean
  readonly verifier: TokenVerifier | undefined
}

/** Accounts of users whom an identity provider knows. Throws Refusal. */
export class Identities {
  readonly #parts: IdentitiesParts

  constructor(parts: IdentitiesParts) {
    this.#parts = parts
  }

  /** Whether tokens of a provider are taken. */
  get takesTokens(): boolean {
    return this.#parts.verifier !== undefined
  }

  /** The account of whom a token is about. */
  async byToken(token: string): Promise<Account> {
    const { verifier } = this.#parts
    if (!verifier) throw new Refusal('not_found', 'this server trusts no identity provider')
    const identity = await verifier.verify(token).catch((error: unknown) => this.unanswered(error))
    if (!identity) throw new Refusal('invalid_credentials', 'that token is not good here')
    return this.enter(identity)
  }

  /** The account of a provider's user, made where there is none. */
  async enter(identity: ExternalIdentity): Promise<Account> {
    const { storage, owned } = this.#parts
    const { issuer, subject } = identity
    if (subject.length > MOST_SUBJECT) throw new Refusal('invalid_credentials', 'the provider names nobody that way')
    const known = await storage.identities.find({ issuer, subject })
    if (known) return known
    if (!owned()) {
      throw new Refusal('registration_closed', 'this server has no owner yet: register with its first-run claim code')
    }
    return this.#create(identity)
  }

  /** The provider is the operator's to mend. */
  unanswered(error: unknown): never {
    this.#parts.log.warn({ error }, 'the identity provider does not answer')
    throw new Refusal('unavailable', 'the identity provider does not answer; try again later')
  }

  async #create({ issuer, subject, names }: ExternalIdentity): Promise<Account> {
    const { storage, clock, standings } = this.#parts
    const base = nameAfter(names)
    for (let tries = 1; ; tries++) {
      const id = await createId()
      const name = nameAfter([base], tries === 1 ? '' : tries <= MOST_TRIES ? ` ${tries}` : ` ${id.slice(0, 6)}`)
      const account: Account = { id, name, role: PLAIN }
      const stored = { ...account, passwordHash: '', nameKey: nameKey(name), createdAt: clock.wall() }
      const outcome = await storage.identities.create({ issuer, subject }, stored)
      if (outcome === 'created') {
        standings.give(id, PLAIN)
        return account
      }
      // Two of their devices came at once.
      const known = outcome === 'exists' ? await storage.identities.find({ issuer, subject }) : undefined
      if (known) return known
    }
  }
}
