/** Something with bytes to send before the event loop's turn ends. */
export interface TurnMember {
  /** Called once a turn in which it was added. Adding again meanwhile means the next turn. */
  flushTurn(): void
}

/**
 * The event loop's turn: whatever a connection gets in it leaves in one write at its end. Rooms go first, since
 * their flush fills the connections'.
 */
export class Turn {
  readonly #schedule: (run: () => void) => void
  #rooms = new Set<TurnMember>()
  #connections = new Set<TurnMember>()
  #scheduled = false

  /** `schedule` runs its argument when the turn's input has been read: `setImmediate`. */
  constructor(schedule: (run: () => void) => void = setImmediate) {
    this.#schedule = schedule
  }

  addRoom(room: TurnMember): void {
    this.#rooms.add(room)
    this.#arm()
  }

  addConnection(connection: TurnMember): void {
    this.#connections.add(connection)
    this.#arm()
  }

  #arm(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#schedule(() => this.#end())
  }

  #end(): void {
    const rooms = this.#rooms
    this.#rooms = new Set()
    for (const room of rooms) room.flushTurn()
    const connections = this.#connections
    this.#connections = new Set()
    this.#scheduled = false
    if (this.#rooms.size > 0) this.#arm()
    for (const connection of connections) connection.flushTurn()
  }
}
