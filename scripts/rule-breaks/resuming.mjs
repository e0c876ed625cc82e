const RESUME = 'packages/server/src/handlers/session.ts'
const SEQUENCER = 'packages/core/src/state/sequencer.ts'

export default {
  // The head is told, and nothing follows it.
  'RES-1': { file: RESUME, find: 'channels.join(id, outgoing)', replace: 'channels.get(id)' },
  'RES-2': { file: SEQUENCER, find: ' && this.#held.size >= MOST_HELD) return []', replace: ') return []' },
  'RES-3': { file: SEQUENCER, find: '    if (head.epoch !== this.#epoch) return false\n', replace: '' },
  'RES-4': {
    file: RESUME,
    find: 'rooms.join(voice, channel, declared)',
    replace: 'rooms.join(voice, channel, { ...declared, muted: false })',
  },
  'RES-1 gone': {
    file: RESUME,
    find: "  if (!channels.allows(id, identity.account, 'read')) return 'gone'\n",
    replace: '',
  },
  // Held beyond the gap for good: the log is not read.
  'RES-2 pull': {
    file: SEQUENCER,
    find: 'return this.#head > this.#seq',
    replace: 'return this.#head > this.#seq + 1',
  },
  'RES-3 report': {
    file: 'packages/core/src/client/channels/feed.ts',
    find: "    this.events.emit('reset', log)\n",
    replace: '',
  },
  'RES-4 keys': {
    file: RESUME,
    find: 'tracks[track.key] = published',
    replace: 'tracks[track.format.kind] = published',
  },
  'RES-5': {
    file: 'packages/server/src/cli/arclight.ts',
    find: '    await storage.channels.renewEpochs()\n',
    replace: '',
  },
  'RES-6': { file: RESUME, find: "if (error instanceof Refusal) return 'gone'\n", replace: '' },
}
