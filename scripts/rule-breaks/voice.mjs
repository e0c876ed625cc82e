const ROOM = 'packages/server/src/voice/room.ts'
const ROOMS = 'packages/server/src/voice/rooms.ts'
const TRACK = 'packages/server/src/handlers/track.ts'

export default {
  'VOICE-1': {
    file: ROOMS,
    find: 'return [...place.room.members.values()].map(',
    replace: 'return [...place.room.members.values()].filter((member) => member !== place).map(',
  },
  'VOICE-2': { file: ROOMS, find: 'held.room.channel !== channel || held', replace: 'held' },
  'VOICE-3': {
    file: 'packages/server/src/handlers/voice.ts',
    find: "'talk').summary.kind !== 'voice') {",
    replace: "'talk').summary.kind === 'direct') {",
  },
  'VOICE-4': { file: ROOM, find: 'if (!connection || isDeaf) continue', replace: 'if (!connection) continue' },
  'VOICE-5': {
    file: ROOMS,
    find: "const left = { type: 'voice.left'",
    replace: "const left = { type: 'voice.gone'",
  },
  // A member of any channel may publish to every other.
  'TRACK-1': { file: TRACK, find: 'if (place?.room.channel !== to.channel) {', replace: 'if (!place) {' },
  'TRACK-2': { file: ROOMS, find: 'room.tellAfterMedia(', replace: 'room.tellBeforeMedia(' },
  'TRACK-3': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'trackQuarantineMs: 60_000',
    replace: 'trackQuarantineMs: 59_000',
  },
  'TRACK-4': { file: ROOMS, find: '    if (known) this.unpublish(place, known)\n', replace: '' },
  'TRACK-5': {
    file: 'packages/server/src/tracks/tracks.ts',
    find: 'if (!track || track.publisher !== publisher) {',
    replace: 'if (!track) {',
  },
  // Who left still speaks.
  'VOICE-5 tracks': {
    file: ROOMS,
    find: '    for (const track of place.tracks.values()) this.#tracks.remove(track)\n',
    replace: '',
  },
  'TRACK-1 audio': {
    file: TRACK,
    find: "if (format.kind !== 'audio') throw",
    replace: "if (format.kind === '') throw",
  },
  'TRACK-1 recorder': { file: TRACK, find: 'if (recorder.publisher !== voice) throw', replace: 'if (false) throw' },
  'TRACK-1 kinds': {
    file: 'packages/server/src/recording/recorder.ts',
    find: '(one.key === key) !== (one.format.kind === format.kind)',
    replace: 'one.key === key && one.format.kind !== format.kind',
  },
  'TRACK-2 published': {
    file: ROOMS,
    find: "room.tellBeforeMedia({ type: 'track.published'",
    replace: "room.tellAfterMedia({ type: 'track.published'",
  },
  'TRACK-5 counted': { file: 'packages/server/src/tracks/tracks.ts', find: '      this.#foreign++\n', replace: '' },
  // A place is given up with its connection.
  'VOICE-6': {
    file: 'packages/server/src/session.ts',
    find: 'if (voice.place && mayReturn) services',
    replace: 'if (voice.place && false) services',
  },
  'VOICE-6 final': {
    file: 'packages/server/src/session.ts',
    find: 'this.#end({ mayReturn: mayReconnect(code) })',
    replace: 'this.#end({ mayReturn: true })',
  },
  'VOICE-6 time': {
    file: 'packages/core/src/protocol/limits.ts',
    find: 'voiceAbsenceMs: 15_000',
    replace: 'voiceAbsenceMs: 16_000',
  },
  'VOICE-6 tracks': {
    file: ROOMS,
    find: '    for (const track of [...place.tracks.values()]) this.unpublish(place, track)\n    if (place.connection) vacate',
    replace: '    if (place.connection) vacate',
  },
  'VOICE-6 reconnecting': {
    file: 'packages/server/src/voice/voice-place.ts',
    find: "reconnecting: this.presence.name === 'away'",
    replace: 'reconnecting: false',
  },
  'VOICE-6 device': { file: ROOM, find: ' && place.device === device)', replace: ')' },
  'VOICE-6 same': { file: ROOMS, find: 'room.find(connection.user.id, state.device) ?? ', replace: '' },
  // Both have it.
  'VOICE-7': { file: ROOMS, find: '      vacate(before)\n', replace: '' },
  'VOICE-7 tracks': {
    file: ROOMS,
    find: '      for (const track of [...place.tracks.values()]) this.unpublish(place, track)\n      vacate(before)',
    replace: '      vacate(before)',
  },
  'VOICE-7 told': {
    file: ROOMS,
    find: "before.outgoing.control({ type: 'voice.moved'",
    replace: "void ({ type: 'voice.moved'",
  },
  'VOICE-7 client': {
    file: 'packages/core/src/client/event-handlers.ts',
    find: "    'voice.moved': (data) => voice.moved(data),\n",
    replace: '',
  },
}
