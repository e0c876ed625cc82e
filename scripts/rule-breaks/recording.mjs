const RECORDINGS = 'packages/server/src/recording/recordings.ts'
const RECORDER = 'packages/server/src/recording/recorder.ts'
const RECORDER_TRACK = 'packages/server/src/recording/recorder-track.ts'
const LIMITS = 'packages/core/src/protocol/limits.ts'

export default {
  'REC-1': { file: RECORDINGS, find: 'own.length >= LIMITS.recordings', replace: 'own.length > LIMITS.recordings' },
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
}
