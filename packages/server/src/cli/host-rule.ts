import { isIP } from 'node:net'
import { SettingError } from './setting-error.ts'

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

/** Passwords and voices do not cross a network in clear: throws SettingError unless somebody asked for it by name. */
export function checkHost(host: string, options: { encrypted: boolean; insecureHttp: boolean }): void {
  if (options.encrypted || options.insecureHttp || isLoopbackHost(host)) return
  throw new SettingError(
    `HOST is ${host}, which others can reach, and there is no certificate: start with --tls for a self-signed one, ` +
      'set TLS_CERT and TLS_KEY, or say --insecure-http where something in front of the server does TLS',
  )
}
