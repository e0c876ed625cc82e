const RESUME = 'packages/server/src/handlers/session.ts'
const SEQUENCER = 'packages/core/src/state/sequencer.ts'

export default {
  // The head is told, and nothing follows it.
  'RES-1': { file: RESUME, find: 'channels.join(id, outgoing)', replace: 'channels.get(id)' },
  'RES-2': { file: SEQUENCER, find: ' && this.#held.size >= MOST_HELD) return []', replace: ') return []' },
  'RES-3': { file: SEQUENCER, find: '    if (head.epoch !== this.#epoch) return false\n', replace: '' },
  'RES-4': {
    file: RESUME,
    find: 'rooms.join(place, channel, declared)',
    replace: 'rooms.join(place, channel, { ...declared, muted: false })',
  },
}
