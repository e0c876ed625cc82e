import type { OutboxEntry, OutboxLaneEvents, OutboxStore } from '../../contracts/outbox-store.ts'

interface MemoryLane {
  readonly entries: Map<string, OutboxEntry>
  readonly events: OutboxLaneEvents
}

interface Scope {
  readonly lanes: Set<MemoryLane>
  /** What closed lanes have left. */
  left: OutboxEntry[]
}

/** Keeps messages for as long as the process runs: what one client leaves, another that was given this store takes up. */
export function memoryOutbox(): OutboxStore {
  const scopes = new Map<string, Scope>()
  return {
    open: async ({ server, user }, events) => {
      const key = JSON.stringify([server, user])
      const scope = scopes.get(key) ?? { lanes: new Set(), left: [] }
      scopes.set(key, scope)
      const lane: MemoryLane = { entries: new Map(), events }
      scope.lanes.add(lane)
      adopt(lane, scope)
      return {
        put: async (entry) => {
          lane.entries.set(entry.clientId, entry)
        },
        remove: async (clientId) => {
          lane.entries.delete(clientId)
        },
        close: async () => {
          if (!scope.lanes.delete(lane)) return
          scope.left.push(...lane.entries.values())
          const [next] = scope.lanes
          if (next) adopt(next, scope)
        },
      }
    },
  }
}

function adopt(lane: MemoryLane, scope: Scope): void {
  const entries = scope.left
  scope.left = []
  for (const entry of entries) lane.entries.set(entry.clientId, entry)
  if (entries.length > 0) lane.events.adopted(entries)
}
