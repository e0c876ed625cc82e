/**
 * The normalised cross-correlation of two sounds at the lag, within `most` samples either way, where it is highest.
 * 1 means the same but for loudness.
 */
export function correlate(one: Float32Array, other: Float32Array, most: number): { correlation: number; lag: number } {
  let best = { correlation: -1, lag: 0 }
  for (let lag = -most; lag <= most; lag++) {
    const correlation = correlationAt(one, other, lag, SEARCH_STEP)
    if (correlation > best.correlation) best = { correlation, lag }
  }
  return { correlation: correlationAt(one, other, best.lag, 1), lag: best.lag }
}

/** While searching, every so many samples are enough to tell one lag from another. */
const SEARCH_STEP = 29

function correlationAt(one: Float32Array, other: Float32Array, lag: number, step: number): number {
  const from = Math.max(0, -lag)
  const to = Math.min(one.length, other.length - lag)
  let product = 0
  let power = 0
  let otherPower = 0
  for (let index = from; index < to; index += step) {
    const [a, b] = [one[index] as number, other[index + lag] as number]
    product += a * b
    power += a * a
    otherPower += b * b
  }
  return power === 0 || otherPower === 0 ? 0 : product / Math.sqrt(power * otherPower)
}
