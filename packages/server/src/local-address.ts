import type { IncomingHttpHeaders } from 'node:http'

const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip']

/** Whether a connection comes from this machine itself; one that a proxy passed on does not. */
export function isLocal(remoteAddress: string, headers: IncomingHttpHeaders): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false
  const address = remoteAddress.replace(/^::ffff:/, '')
  return address === '::1' || address.startsWith('127.')
}
