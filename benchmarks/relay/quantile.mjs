/** The value that a share of the sorted values does not exceed; NaN of none. @param {Float64Array} sorted @param {number} share */
export function quantile(sorted, share) {
  return sorted.length === 0 ? Number.NaN : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

/** The latencies of a tally's result, sorted. @param {string} encoded */
export function decodeSorted(encoded) {
  const bytes = Uint8Array.from(Buffer.from(encoded, 'base64'))
  return new Float64Array(bytes.buffer).sort()
}
