import type { ManualClock } from '@arclight/core/testing'
import { Secret, TOTP } from 'otpauth'
import type { RawClient } from '../raw-client.ts'
import { PASSWORD, RunningServer } from '../running-server.ts'

/** A step of RFC 6238, milliseconds. */
export const STEP_MS = 30_000

/** A server that has second factors, and never refuses for a rate unless told. */
export function factorServer(options: Parameters<typeof RunningServer.start>[0] = {}): Promise<RunningServer> {
  return RunningServer.start({ secretKey: 'a key that is long enough for a test', rateLimits: 'off', ...options })
}

/** An app that makes codes: it knows the secret and what time it is. */
export class Authenticator {
  readonly #totp: TOTP
  readonly #clock: Pick<ManualClock, 'wall'>

  constructor(secret: string, clock: Pick<ManualClock, 'wall'>) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) })
    this.#clock = clock
  }

  /** What it shows, that many steps from now. */
  code(steps = 0): string {
    return this.#totp.generate({ timestamp: this.#clock.wall() + steps * STEP_MS })
  }
}

/** Gives the client's user a second factor, by the code of a step ago; those of this one and the next are unused. */
export async function withSecondFactor(
  client: RawClient,
  clock: Pick<ManualClock, 'wall'>,
): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
  const { secret } = await client.ask('account.totp.begin', { password: PASSWORD })
  const app = new Authenticator(secret, clock)
  const { recoveryCodes } = await client.ask('account.totp.confirm', { code: app.code(-1) })
  return { app, recoveryCodes }
}
