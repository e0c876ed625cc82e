export {
  addFlag,
  checkHeader,
  HEADER_BYTES,
  MediaFlag,
  type MediaHeader,
  MediaKind,
  NO_LEVEL,
  readFlags,
  readHeader,
  readKind,
  readSeq,
  readTimestamp,
  readTrack,
  setTrack,
  writeHeader,
} from './media-header.ts'
export { encodeProbe } from './probe.ts'
