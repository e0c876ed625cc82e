import { createHmac } from 'node:crypto'

const STEP_MS = 30_000
const DIGITS = 6
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const BITS_OF_CHARACTER = 5

/** The code of a time step, by RFC 6238: of the moment, in milliseconds since 1970. */
export function totpCode(secret: string, at: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP_MS)))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  // RFC 4226, 5.3: the last four bits say where the 31 bits stand.
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** An authenticator app, by the server's own clock. */
export class Authenticator {
  readonly #secret: string
  readonly #ahead: number

  constructor(secret: string, serverWall: number) {
    this.#secret = secret
    this.#ahead = serverWall - Date.now()
  }

  /** The code, that many steps from now. */
  code(steps = 0): string {
    return totpCode(this.#secret, Date.now() + this.#ahead + steps * STEP_MS)
  }

  /** Resolves when the step has at least that long to go, milliseconds: within it no code gets older. */
  async early(leastMs: number): Promise<void> {
    const left = STEP_MS - ((Date.now() + this.#ahead) % STEP_MS)
    if (left < leastMs) await new Promise((resolve) => setTimeout(resolve, left + 50))
  }
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((one) => BASE32.indexOf(one).toString(2).padStart(BITS_OF_CHARACTER, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
