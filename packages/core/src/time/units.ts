declare const unit: unique symbol

/** Milliseconds: everything that a Clock gives and takes. */
export type Milliseconds = number & { readonly [unit]?: 'ms' }

/** Microseconds on a session clock: media timestamps. */
export type Microseconds = number & { readonly [unit]?: 'us' }

/** Milliseconds of a Clock as the microseconds that a media header carries. */
export function toMicroseconds(milliseconds: Milliseconds): Microseconds {
  return Math.round(milliseconds * 1000) as Microseconds
}
