import * as z from 'zod/mini'
import { code, givenPassword } from './auth.ts'
import { nothing } from './fields.ts'

/** Shown once. */
const recoveryCodes = z.array(z.string())

/** Makes a secret for an authenticator app. Nothing counts before a code of it was confirmed. */
export const accountTotpBegin = {
  request: z.object({ password: givenPassword }),
  reply: z.object({
    /** Base32, for whoever types it. */
    secret: z.string(),
    /** `otpauth://totp/…`, to be shown as a QR code. */
    uri: z.string(),
  }),
}

/** From here on a log-in needs a code. */
export const accountTotpConfirm = { request: z.object({ code }), reply: z.object({ recoveryCodes }) }

/** From here on a log-in needs the password alone. */
export const accountTotpEnd = { request: z.object({ password: givenPassword, code }), reply: nothing }

/** Other recovery codes in the place of those before. */
export const accountTotpRecovery = {
  request: z.object({ password: givenPassword, code }),
  reply: z.object({ recoveryCodes }),
}
