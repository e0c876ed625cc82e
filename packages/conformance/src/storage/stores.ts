import type { Storage } from '@arclight/core/contracts'

/** Gives the suite its stores. */
export class Stores {
  readonly #create: (name: string) => Storage | Promise<Storage>
  #names = 0

  constructor(create: (name: string) => Storage | Promise<Storage>) {
    this.#create = create
  }

  newName(): string {
    return `store${++this.#names}`
  }

  /** A handle on the store of that name, not open; on a new one where none is named. */
  create(name: string = this.newName()): Storage | Promise<Storage> {
    return this.#create(name)
  }

  /** An open handle on the store of that name; on a new one where none is named. */
  async open(name?: string): Promise<Storage> {
    const storage = await this.create(name)
    await storage.open()
    return storage
  }

  /** Runs `use` on a handle that is closed afterwards, whatever happens. */
  async with(use: (storage: Storage) => Promise<void>, name?: string): Promise<void> {
    const storage = await this.open(name)
    try {
      await use(storage)
    } finally {
      await storage.close()
    }
  }
}
