/** Every code that an error reply may carry. A client decides by the code, never by the message. */
export const ERROR_CODES = [
  'bad_request',
  'unknown_type',
  'unauthenticated',
  'invalid_credentials',
  'second_factor',
  'forbidden',
  'banned',
  'not_found',
  'conflict',
  'registration_closed',
  'too_large',
  'quota_reached',
  'storage_full',
  'unsupported_type',
  'rate_limited',
  'out_of_order',
  'unavailable',
  'internal',
] as const

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number]
