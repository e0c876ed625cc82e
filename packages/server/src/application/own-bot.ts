import type { Account } from '@arclight/core'
import type { Storage } from '@arclight/core/contracts'
import type { Bots } from '../accounts/bots.ts'
import { nameKey } from '../accounts/name-key.ts'
import type { Standings } from '../permissions/standings.ts'

/** The account that the server's own messages are by, made when it is first needed. */
export class OwnBot {
  readonly #storage: Storage
  readonly #bots: Bots
  readonly #standings: Pick<Standings, 'give'>
  readonly #name: string
  #found: Promise<Account> | undefined

  constructor(parts: { storage: Storage; bots: Bots; standings: Pick<Standings, 'give'>; name: string }) {
    this.#storage = parts.storage
    this.#bots = parts.bots
    this.#standings = parts.standings
    this.#name = parts.name
  }

  /** With the rights of the owner, whom the application acts for. Rejects where a person has its name. */
  account(): Promise<Account> {
    const found = this.#found ?? this.#find()
    this.#found = found
    // What went wrong once need not do so again.
    found.catch(() => {
      this.#found = undefined
    })
    return found
  }

  async #find(): Promise<Account> {
    const known: Account | undefined = await this.#storage.accounts.byNameKey(nameKey(this.#name))
    const { id, name, bot } = known ?? (await this.#bots.make(this.#name))
    if (bot) {
      this.#standings.give(id, 'owner')
      return { id, name, bot, role: 'owner' }
    }
    throw new Error(`the server’s own messages are by the bot ${this.#name}, and a person has that name: set botName`)
  }
}
