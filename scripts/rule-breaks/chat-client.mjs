/** What a client does of the rules that bind servers first. */
const CHANNELS = 'packages/core/src/client/channels/channels.ts'
const CHANNEL = 'packages/core/src/client/channels/channel.ts'
const FEED = 'packages/core/src/client/channels/feed.ts'
const HISTORY = 'packages/core/src/client/channels/history.ts'
const LIVE_LOG = 'packages/core/src/client/channels/live-log.ts'
const PRESENCE = 'packages/core/src/client/presence.ts'
const SENDER = 'packages/core/src/client/sender.ts'

export default {
  'RES-2 early': { file: LIVE_LOG, find: " || this.#connection.state.name === 'greeted'", replace: '' },
  'RES-3 walk': { file: HISTORY, find: 'if (page.epoch !== epoch) return', replace: 'if (page.asOf < 0) return' },
  'CHAN-7 client': { file: CHANNELS, find: '    this.#handles.get(channel)?.feed.log.lose()\n', replace: '' },
  // What happened while the client was away stays unknown.
  'CHAN-7 meanwhile': {
    file: CHANNELS,
    find: "      if (this.#order && lookOf(before.get(id)) !== lookOf(channel)) this.#emitter.emit('changed', channel)\n",
    replace: '',
  },
  'CHAN-7 order told': {
    file: 'packages/core/src/client/event-handlers.ts',
    find: "    'channel.ordered': (data) => channels.ordered(data),\n",
    replace: '',
  },
  'CHAN-8 client': {
    file: 'packages/core/src/client/voice/call.ts',
    find: "    if (member === this.#own) void this.end('gone')\n    else this.memberLeft(member)\n",
    replace: '    this.memberLeft(member)\n',
  },
  'MEMB-2 client': {
    file: CHANNEL,
    find: 'hasMore ? { after: members.at(-1)?.id } : undefined',
    replace: 'hasMore ? undefined : undefined',
  },
  // A group that is asked for again is another one.
  'DIRECT-1 client': { file: CHANNELS, find: 'users.length > 1 ? clientId : undefined', replace: 'undefined' },
  'USER-1 client': {
    file: 'packages/core/src/client/users.ts',
    find: 'hasMore ? { after: users.at(-1)?.id } : undefined',
    replace: 'hasMore ? undefined : undefined',
  },
  'SEND-9 client': { file: SENDER, find: 'replyTo === undefined ? {} : { replyTo }', replace: '{}' },
  'SEND-10 client': { file: SENDER, find: 'mentions === undefined ? {} : { mentions }', replace: '{}' },
  'EDIT-3 client': {
    file: 'packages/core/src/state/revisions.ts',
    find: '    if (message.rev <= ahead) return false\n',
    replace: '',
  },
  'EDIT-3 page': { file: FEED, find: 'this.#revisions.gave(message, cursor.seq)', replace: 'void message' },
  'EDIT-3 on its way': {
    file: HISTORY,
    find: 'return told && told.rev > message.rev ? told : message',
    replace: 'return message',
  },
  'REACT-1 client': { file: CHANNEL, find: 'seq, emoji, on: false }', replace: 'seq, emoji, on: true }' },
  'REACT-2 client': {
    file: CHANNEL,
    find: 'hasMore ? { after: users.at(-1)?.id } : undefined',
    replace: 'hasMore ? undefined : undefined',
  },
  'READ-1 client': {
    file: 'packages/core/src/client/channels/reader.ts',
    find: '      this.#next.seq = Math.max(this.#next.seq, seq)\n',
    replace: '',
  },
  'READ-2 client': {
    file: 'packages/core/src/state/unread.ts',
    find: 'unread: this.#newest - marker.ordinal,',
    replace: 'unread: marker.unread,',
  },
  'READ-3 client': {
    file: 'packages/core/src/client/event-handlers.ts',
    find: "    'read.changed': (data) => channels.marked(data),\n",
    replace: '',
  },
  'TYPE-1 client': {
    file: 'packages/core/src/client/channels/typist.ts',
    find: 'typing ? since < AGAIN_MS :',
    replace: 'typing ? since < 0 :',
  },
  // Somebody types for ever whose end came while the connection was away.
  'TYPE-2 client': { file: FEED, find: '    this.typed([])\n', replace: '' },
  'PRES-1 client': { file: PRESENCE, find: 'if (this.#watches.size > 0) ask(', replace: 'if (false) ask(' },
  'PRES-3 client': { file: PRESENCE, find: "if (this.#status !== 'online') ask(", replace: 'if (false) ask(' },
  'SEARCH-1 client': {
    file: 'packages/core/src/client/search.ts',
    find: '{ before: next }',
    replace: '{ before: next + 1 }',
  },
  'HIST-3 walk': { file: HISTORY, find: ': start + 1', replace: ': start' },
}
