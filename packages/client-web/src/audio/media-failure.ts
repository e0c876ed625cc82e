import { MediaError, type MediaErrorReason } from '@arclight/core'

const REASONS: Readonly<Record<string, MediaErrorReason>> = {
  NotFoundError: 'not-found',
  OverconstrainedError: 'not-found',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
  NotSupportedError: 'unsupported',
}

const ADVICE: Readonly<Record<MediaErrorReason, string>> = {
  'insecure-context': 'browsers give a microphone only to pages over https or on localhost: open this page so',
  'permission-denied': 'this site may not use the microphone: allow it beside the address bar, then try again',
  'permission-dismissed': 'the question for the microphone was closed without an answer: try again and choose Allow',
  'not-found': 'no microphone was found: plug one in, or choose another one',
  'in-use': 'the microphone could not be opened: another program may be using it',
  unsupported: 'this browser cannot do voice: use a current Chrome, Edge, Firefox or Safari',
  failed: 'the microphone failed: try again',
}

/** A MediaError that says what the user can do. */
export function mediaError(reason: MediaErrorReason, cause?: unknown): MediaError {
  return new MediaError(reason, ADVICE[reason], cause)
}

/** What a browser threw, as the decision it calls for. Chrome tells a closed question only in the message. */
export function translateMediaFailure(error: unknown): MediaError {
  if (error instanceof MediaError) return error
  const { name, message } = error instanceof DOMException ? error : { name: '', message: '' }
  if (name === 'NotAllowedError' || name === 'SecurityError') {
    return mediaError(/dismissed/i.test(message) ? 'permission-dismissed' : 'permission-denied', error)
  }
  return mediaError(REASONS[name] ?? 'failed', error)
}
