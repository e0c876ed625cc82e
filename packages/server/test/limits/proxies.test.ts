import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { Proxies } from '../../src/limits/proxies.ts'

/** A request as a peer at that address sends it. */
function from(
  remoteAddress: string,
  headers: IncomingMessage['headers'] = {},
): Pick<IncomingMessage, 'headers' | 'socket'> {
  return { headers, socket: { remoteAddress } as IncomingMessage['socket'] }
}

const NONE = new Proxies()
const TRUSTED = new Proxies(['10.0.0.0/8', '127.0.0.1', '2001:db8::/32'])

test('loopback addresses are this machine’s, and no others', () => {
  const own = ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']
  const others = ['', '10.0.0.1', '192.168.0.127', '::2', '::ffff:10.0.0.1', '1.127.0.0', 'fe80::1']
  for (const address of own) expect(NONE.peerOf(from(address)).local, address).toBe(true)
  for (const address of others) expect(NONE.peerOf(from(address)).local, address).toBe(false)
})

test('[LIMIT-6] without trust the peer is itself whatever it says, and nothing that it passes on is from this machine', () => {
  for (const headers of [
    { 'x-forwarded-for': '203.0.113.7' },
    { forwarded: 'for=203.0.113.7' },
    { 'x-real-ip': '203.0.113.7' },
  ]) {
    for (const proxies of [NONE, new Proxies(['10.0.0.0/8'])]) {
      expect(proxies.peerOf(from('127.0.0.1', { ...headers, host: 'a', 'x-forwarded-host': 'b' }))).toEqual({
        address: '127.0.0.1',
        local: false,
        host: 'a',
        untrustedProxy: true,
      })
    }
  }
})

test('[LIMIT-6] a trusted proxy’s X-Forwarded-For is read from the right, past those that are trusted', () => {
  const cases: [near: string, said: string, address: string][] = [
    ['10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['127.0.0.1', '203.0.113.7,10.0.0.3,10.0.0.2', '203.0.113.7'],
    ['2001:db8::5', '2001:470::1', '2001:470::1'],
    ['::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ]
  for (const [near, said, address] of cases) {
    const peer = TRUSTED.peerOf(from(near, { 'x-forwarded-for': said }))
    expect([peer.address, peer.local], said).toEqual([address, false])
  }
})

test('what is no address is not believed, and does not come from this machine', () => {
  for (const said of ['unknown', 'evil, unknown', '203.0.113.7:4711', '', 'x'.repeat(10_000)]) {
    const peer = TRUSTED.peerOf(from('127.0.0.1', { 'x-forwarded-for': said }))
    expect([peer.address, said === '' || !peer.local]).toEqual(['127.0.0.1', true])
  }
})

test('[LIMIT-6] behind a trusted proxy what comes from this machine is what the proxy says so of', () => {
  expect(TRUSTED.peerOf(from('127.0.0.1')).local).toBe(true)
  expect(TRUSTED.peerOf(from('127.0.0.1', { 'x-forwarded-for': '::1' })).local).toBe(true)
  expect(TRUSTED.peerOf(from('127.0.0.1', { 'x-real-ip': '203.0.113.7' })).local).toBe(false)
  expect(TRUSTED.peerOf(from('10.0.0.1')).local).toBe(false)
})

test('[CONN-4][LIMIT-6] the host is that of a trusted proxy’s X-Forwarded-Host, else of Host', () => {
  const headers = { host: 'inner:5005', 'x-forwarded-host': 'chat.example.org, inner' }
  expect(TRUSTED.peerOf(from('10.0.0.1', headers)).host).toBe('chat.example.org')
  expect(TRUSTED.peerOf(from('10.0.0.1', { host: 'inner:5005' })).host).toBe('inner:5005')
  expect(TRUSTED.peerOf(from('203.0.113.9', headers)).host).toBe('inner:5005')
})

test('what is neither an address nor a CIDR is refused', () => {
  for (const trusted of ['chat.example.org', '10.0.0.0/33', '*', '']) {
    expect(() => new Proxies([trusted]), trusted).toThrow(TypeError)
  }
})
