import { expect, test } from 'vitest'
import { isLocal } from '../../src/local-address.ts'

test('loopback addresses are this machine’s', () => {
  expect(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'].map((address) => isLocal(address, {}))).toEqual([
    true,
    true,
    true,
    true,
  ])
})

test('other addresses are not', () => {
  const others = ['', '10.0.0.1', '192.168.0.127', '::2', '::ffff:10.0.0.1', '1.127.0.0', 'fe80::1']
  expect(others.filter((address) => isLocal(address, {}))).toEqual([])
})

test('what a proxy on this machine passes on is not from this machine', () => {
  expect(isLocal('127.0.0.1', { 'x-forwarded-for': '203.0.113.7' })).toBe(false)
  expect(isLocal('127.0.0.1', { forwarded: 'for=203.0.113.7' })).toBe(false)
  expect(isLocal('::1', { 'x-real-ip': '203.0.113.7' })).toBe(false)
})
