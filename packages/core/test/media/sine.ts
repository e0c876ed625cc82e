/** A sine of 20 ms at 48 kHz: 1,000 Hz, so that the frame holds whole periods. */
export function sine(amplitude: number): Float32Array {
  return Float32Array.from({ length: 960 }, (_, index) => amplitude * Math.sin((2 * Math.PI * index) / 48))
}
