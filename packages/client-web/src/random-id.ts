const BYTES = 16

/** An identifier that nobody can guess: 128 random bits. `crypto.randomUUID` is there in secure contexts only. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
