/** What an AudioWorkletGlobalScope has (Web Audio API, section 1.32); TypeScript's own libraries leave it out. */
declare const currentFrame: number

interface WorkletPort {
  onmessage: ((event: { data: unknown }) => void) | null
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void
}

declare abstract class AudioWorkletProcessor {
  readonly port: WorkletPort
  abstract process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean
}

declare function registerProcessor(name: string, processor: new (options: never) => AudioWorkletProcessor): void
