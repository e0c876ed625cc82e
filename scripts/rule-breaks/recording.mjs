const RECORDINGS = 'packages/server/src/recording/recordings.ts'
const RECORDER = 'packages/server/src/recording/recorder.ts'
const RECORDER_TRACK = 'packages/server/src/recording/recorder-track.ts'
const LIMITS = 'packages/core/src/protocol/limits.ts'

export default {
  'REC-1': { file: RECORDINGS, find: 'own.length >= LIMITS.recordings', replace: 'own.length > LIMITS.recordings' },
  // Those that are about to start do not count.
  'REC-1 starting': { file: RECORDINGS, find: '    this.#starting.add(starting)\n', replace: '' },
  // The reply does not wait for the file.
  'REC-2': { file: RECORDINGS, find: 'return running.finished', replace: 'return running.recorder.summary' },
  'REC-3': {
    file: 'packages/server/src/adapters/storage/sql/recordings.ts',
    find: "orderBy('started_at', 'desc')",
    replace: "orderBy('started_at', 'asc')",
  },
  'REC-4': { file: LIMITS, find: 'recordingAbsenceMs: 30_000', replace: 'recordingAbsenceMs: 25_000' },
  'REC-5': {
    file: RECORDER,
    find: '    if (failed !== undefined) {\n      outgoing?.control(',
    replace: '    if (failed !== undefined) {\n      void (',
  },
  'REC-6': { file: RECORDINGS, find: "repaired ? 'recovered' : 'failed'", replace: "repaired ? 'finished' : 'failed'" },
  'REC-7': {
    file: 'packages/server/src/recording/links.ts',
    find: '    if (!(until > this.#clock.wall())) return undefined\n',
    replace: '',
  },
  'ACK-1': { file: RECORDER_TRACK, find: 'stored: this.#stored, sentAt', replace: 'stored: this.#received, sentAt' },
  // What is dropped ends anywhere: what is left cannot be decoded.
  'ACK-2': {
    file: 'packages/core/src/state/frame-buffer.ts',
    find: 'index > 0 && frame.keyFrame',
    replace: 'index > 0',
  },
  'ACK-3': { file: RECORDER_TRACK, find: 'if (seq <= this.#received) {', replace: 'if (seq < this.#received) {' },
  'ACK-4': { file: RECORDER_TRACK, find: '    this.#handed = 0\n', replace: '' },
  'REC-2 sound': {
    file: 'packages/server/src/adapters/muxer/node-av/audio-track.ts',
    find: 'if (!this.#aac.push(opus, at)) return false',
    replace: 'return false',
  },
  'REC-3 others': {
    file: RECORDINGS,
    find: 'if (!found || !mayHave(user, found)) throw',
    replace: 'if (!found) throw',
  },
  'REC-3 stop': {
    file: RECORDINGS,
    find: ' || !mayHave(user, running.recorder.summary)',
    replace: '',
  },
  'REC-5 progress': {
    file: RECORDER,
    find: 'outgoing?.state(`progress:',
    replace: 'void (`progress:',
  },
  'REC-5 kept': {
    file: RECORDINGS,
    find: "'a recording failed; what is on disk is kept')\n      return this.#repair(summary)",
    replace: "'a recording failed')\n      return this.#settle(summary, 'failed', undefined)",
  },
  'REC-7 signature': {
    file: 'packages/server/src/recording/links.ts',
    find: 'return genuine ? claims : undefined',
    replace: 'return claims',
  },
  'REC-7 owner': {
    file: 'packages/server/src/permissions/may.ts',
    find: 'return owner.id === user',
    replace: 'return owner.id !== user || true',
  },
  'ACK-1 interval': { file: LIMITS, find: '  ackMs: 100,', replace: '  ackMs: 200,' },
  // Only what comes after the resume is sent.
  'ACK-2 resume': {
    file: 'packages/core/src/client/recorder/recording-track.ts',
    find: 'this.#buffer.from(next)',
    replace: 'this.#buffer.from(next + 1)',
  },
  'ACK-2 stored': {
    file: 'packages/core/src/state/frame-buffer.ts',
    find: '(this.#frames[count] as BufferedFrame).seq <= stored) count++',
    replace: '(this.#frames[count] as BufferedFrame).seq <= stored + 1) count++',
  },
}
