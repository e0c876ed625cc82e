export { fileRecordingSource } from './file-recording-source.ts'
