/** The claims by which a user may be called (OpenID Connect Core 1.0, 5.1), the best first. */
export function namesOf(claims: Readonly<Record<string, unknown>>): string[] {
  const { preferred_username, nickname, name, email } = claims
  const local = typeof email === 'string' ? email.split('@')[0] : undefined
  return [preferred_username, nickname, name, local].filter((one) => typeof one === 'string' && one !== '') as string[]
}
