/** The value that a share of the sorted values does not exceed; NaN of none. @param {Float64Array} sorted @param {number} share */
export function quantile(sorted, share) {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** One string: an array of 100,000 numbers is slow to pass on. @param {readonly number[]} samples */
export function encodeSamples(samples) {
  return Buffer.from(Float64Array.from(samples).buffer).toString('base64')
}

/** What {@link encodeSamples} made of some, sorted. @param {string} encoded */
export function decodeSorted(encoded) {
  const bytes = Uint8Array.from(Buffer.from(encoded, 'base64'))
  return new Float64Array(bytes.buffer).sort()
}
