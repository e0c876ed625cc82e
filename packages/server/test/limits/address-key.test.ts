import { expect, test } from 'vitest'
import { addressKey } from '../../src/limits/address-key.ts'

test('[LIMIT-3] an IPv4 address counts for itself, however it is written', () => {
  expect(['203.0.113.7', '::ffff:203.0.113.7', '::ffff:cb00:7107'].map(addressKey)).toEqual(
    Array.from({ length: 3 }, () => '203.0.113.7'),
  )
})

test('[LIMIT-3] IPv6 addresses of one /64 count as one, and no others', () => {
  const one = ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002::'].map(addressKey)
  expect(new Set(one)).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(addressKey('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
  expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
})

test('what is no address counts as it is', () => {
  expect(['', 'a pipe', '203.0.113'].map(addressKey)).toEqual(['', 'a pipe', '203.0.113'])
})
