import { MediaError, type MediaErrorReason } from '@arclight/core'

const REASONS: Readonly<Record<string, MediaErrorReason>> = {
  NotFoundError: 'not-found',
  OverconstrainedError: 'not-found',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
  NotSupportedError: 'unsupported',
}

/** What was asked for, as a person calls it. */
export type Device = 'microphone' | 'camera'

const ADVICE: Readonly<Record<MediaErrorReason, (device: Device) => string>> = {
  'insecure-context': (device) =>
    `browsers give a ${device} only to pages over https or on localhost: open this page so`,
  'permission-denied': (device) =>
    `this site may not use the ${device}: allow it beside the address bar, then try again`,
  'permission-dismissed': (device) =>
    `the question for the ${device} was closed without an answer: try again and choose Allow`,
  'not-found': (device) => `no ${device} was found: plug one in, or choose another one`,
  'in-use': (device) => `the ${device} could not be opened: another program may be using it`,
  unsupported: (device) => `this browser cannot use the ${device}: use a current Chrome, Edge, Firefox or Safari`,
  failed: (device) => `the ${device} failed: try again`,
}

/** A MediaError that says what the user can do. */
export function mediaError(reason: MediaErrorReason, device: Device = 'microphone', cause?: unknown): MediaError {
  return new MediaError(reason, ADVICE[reason](device), cause)
}

/** What a browser threw, as the decision it calls for. Chrome tells a closed question only in the message. */
export function translateMediaFailure(error: unknown, device: Device = 'microphone'): MediaError {
  if (error instanceof MediaError) return error
  const { name, message } = error instanceof DOMException ? error : { name: '', message: '' }
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return mediaError(/dismissed/i.test(message) ? 'permission-dismissed' : 'permission-denied', device, error)
  }
  return mediaError(REASONS[name] ?? 'failed', device, error)
}
