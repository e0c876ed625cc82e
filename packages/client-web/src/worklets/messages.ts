/** The name that each processor is registered under. */
export const CAPTURE = 'arclight-capture'
export const PLAYOUT = 'arclight-playout'

/** The capture processor to the page: samples, and the context's frame number of the first. */
export interface CaptureMessage {
  readonly samples: Float32Array
  readonly frame: number
}

/** The page to the playout processor. `end`: the talk spurt is over; `stop`: the node is of no more use. */
export type PlayoutMessage = Float32Array | 'end' | 'stop'

/** What a playout processor is made with, in samples. */
export interface PlayoutProcessorOptions {
  readonly target: number
  readonly most: number
}
