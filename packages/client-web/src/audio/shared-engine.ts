import { AudioEngine } from './audio-engine.ts'

let folder = new URL('./worklets/', import.meta.url)
let engine: AudioEngine | undefined

/**
 * The page's audio engine: browsers allow few AudioContexts, and the echo canceller works best with one. Made when
 * first asked for; making it costs nothing until it is used.
 */
export function sharedEngine(): AudioEngine {
  engine ??= new AudioEngine(folder)
  return engine
}

/** Where capture.js and playout.js are served, for a bundler that does not follow `new URL(…, import.meta.url)`. */
export function serveWorkletsFrom(url: string | URL): void {
  folder = new URL(url, document.baseURI)
  engine = undefined
}
