/** What a server can do, oldest first; `session.hello` lists its own. A client asks for a capability, never a version. */
export const CAPABILITIES = [
  'chat',
  'voice',
  'recording',
  'channels',
  'edits',
  'reads',
  'presence',
  'search',
  'bots',
  'uploads',
  'roles',
  'accounts',
  'blocks',
  'guests',
  'jwt',
  'oidc',
] as const

/** One of {@link CAPABILITIES}. */
export type Capability = (typeof CAPABILITIES)[number]
