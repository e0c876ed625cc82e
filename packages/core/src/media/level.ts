/** The level of silence and of anything below −127 dBov. */
const SILENCE = 127

/**
 * The audio level of RFC 6464: −dBov of the root mean square, 0 for a full-scale square wave, 127 for silence.
 * `samples` are in −1..1.
 */
export function audioLevel(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  if (sum === 0) return SILENCE
  const dbov = 10 * Math.log10(sum / samples.length)
  return Math.min(SILENCE, Math.max(0, Math.round(-dbov)))
}
