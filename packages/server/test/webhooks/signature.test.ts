import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { WebhookSecrets } from '../../src/webhooks/secrets.ts'
import { isSigned, sign } from '../../src/webhooks/signature.ts'

/** The example of Standard Webhooks. */
const EXAMPLE = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const key = Buffer.from(EXAMPLE.secret.slice('whsec_'.length), 'base64')
const content = { id: EXAMPLE.id, timestamp: EXAMPLE.timestamp, body: Buffer.from(EXAMPLE.body) }

test('[HOOK-1] a signature is the one of the standard’s example', async () => {
  expect(await sign(key, content)).toBe(EXAMPLE.signature)
  expect(await isSigned(key, content, EXAMPLE.signature)).toBe(true)
})

test('[HOOK-1] the standard’s own library takes what we sign, and we take what it signs', async () => {
  const theirs = new Webhook(EXAMPLE.secret)
  const now = Math.floor(Date.now() / 1_000)
  const body = JSON.stringify({ text: '弧光 🎙️' })
  const signature = await sign(key, { ...content, timestamp: now, body: Buffer.from(body) })
  const headers = { 'webhook-id': content.id, 'webhook-timestamp': String(now), 'webhook-signature': signature }
  expect(theirs.verify(body, headers)).toEqual({ text: '弧光 🎙️' })
  const signed = theirs.sign(content.id, new Date(now * 1_000), body)
  expect(await isSigned(key, { ...content, timestamp: now, body: Buffer.from(body) }, signed)).toBe(true)
})

test('[HOOK-1] one right signature among several is enough, and none but a right one is', async () => {
  const right = EXAMPLE.signature
  expect(await isSigned(key, content, `v1,wrong v1a,${right.slice(3)} ${right}`)).toBe(true)
  for (const wrong of [
    '',
    'v1',
    'v1,',
    right.slice(3),
    `v2,${right.slice(3)}`,
    right.replace('g', 'h'),
    `${right}AA`,
  ]) {
    expect(await isSigned(key, content, wrong), wrong).toBe(false)
  }
  for (const other of [{ id: 'other' }, { timestamp: 1_614_265_331 }, { body: Buffer.from('{"test": 2432232315}') }]) {
    expect(await isSigned(key, { ...content, ...other }, right)).toBe(false)
  }
})

test('a webhook’s secret is its own, another one for each generation, and the same after a restart', async () => {
  const secrets = new WebhookSecrets('a secret of at least thirty-two characters')
  const shown = await secrets.shown({ id: 'w1', generation: 1 })
  expect(shown).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  const again = new WebhookSecrets('a secret of at least thirty-two characters')
  expect(await again.shown({ id: 'w1', generation: 1 })).toBe(shown)
  const others = await Promise.all([
    secrets.shown({ id: 'w1', generation: 2 }),
    secrets.shown({ id: 'w2', generation: 1 }),
    new WebhookSecrets('another secret of thirty-two characters').shown({ id: 'w1', generation: 1 }),
  ])
  expect(new Set([shown, ...others]).size).toBe(4)
})
