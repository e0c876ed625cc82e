export { readAudioFile } from './file-reader.ts'
export { fileSink } from './file-sink.ts'
export { fileSource } from './file-source.ts'
export { opusCodec } from './opus-codec.ts'
