import { expect, test } from 'vitest'
import { encodeProbe } from '../../src/codec/probe.ts'
import { fromHex } from './hex.ts'

test('[PROBE-1] a probe is a header alone, of kind 2, with its seq and the clock of its sender', () => {
  const probe = encodeProbe({ seq: 0x01020304, timestamp: 2 ** 32 + 5, echo: false })
  // kind · flags · track · seq · level: none · reserved · timestamp
  expect(probe).toEqual(fromHex('12 00 0000 01020304 7f 00 000100000005'))
})

test('[PROBE-1] an answer is the same with the echo flag', () => {
  const answer = encodeProbe({ seq: 0x01020304, timestamp: 0, echo: true })
  expect(answer).toEqual(fromHex('12 20 0000 01020304 7f 00 000000000000'))
})
