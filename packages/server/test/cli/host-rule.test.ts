import { expect, test } from 'vitest'
import { checkHost, isLoopbackHost } from '../../src/cli/host-rule.ts'

test('[RUN-1] loopback hosts are localhost, ::1 and all of 127.0.0.0/8', () => {
  expect(['localhost', '::1', '127.0.0.1', '127.255.0.9'].map(isLoopbackHost)).toEqual([true, true, true, true])
  const others = [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    'talk.example.org',
    '127.0.0.1.example.org',
    '127.evil',
    '::2',
    '1.127.0.0',
    '',
  ]
  expect(others.filter(isLoopbackHost)).toEqual([])
})

test('[RUN-1] another host needs a certificate or the flag, and the sentence says so', () => {
  const plain = { encrypted: false, insecureHttp: false }
  expect(() => checkHost('0.0.0.0', plain)).toThrow(
    /^HOST is 0\.0\.0\.0, which others can reach, and there is no certificate: .*--tls.*TLS_CERT and TLS_KEY.*--insecure-http/,
  )
  expect(() => checkHost('127.0.0.1', plain)).not.toThrow()
  expect(() => checkHost('0.0.0.0', { ...plain, encrypted: true })).not.toThrow()
  expect(() => checkHost('0.0.0.0', { ...plain, insecureHttp: true })).not.toThrow()
})
