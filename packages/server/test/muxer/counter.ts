/** A number in a picture's top quarter: one bar for each bit, the highest on the left. */
const BITS = 16
const BRIGHT = 235
const DARK = 16

/** Draws into the brightness plane of a picture without padding. */
export function drawCounter(picture: Buffer, width: number, height: number, counter: number): void {
  const bar = Math.floor(width / BITS)
  for (let bit = 0; bit < BITS; bit++) {
    const level = (counter >> (BITS - 1 - bit)) & 1 ? BRIGHT : DARK
    for (let row = 0; row < height >> 2; row++)
      picture.fill(level, row * width + bit * bar, row * width + (bit + 1) * bar)
  }
}

export function readCounter(picture: Buffer, width: number, height: number): number {
  const bar = Math.floor(width / BITS)
  const row = (height >> 3) * width
  let counter = 0
  for (let bit = 0; bit < BITS; bit++) {
    counter = (counter << 1) | ((picture[row + bit * bar + (bar >> 1)] ?? 0) > 125 ? 1 : 0)
  }
  return counter
}

export function isFlash(picture: Buffer, width: number, height: number): boolean {
  return (picture[Math.floor(height * 0.75) * width + (width >> 1)] ?? 0) > 180
}
