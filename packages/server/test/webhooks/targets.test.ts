import { expect, test } from 'vitest'
import { type Lookup, TargetError, WebhookTargets } from '../../src/webhooks/targets.ts'

const PUBLIC = { address: '93.184.216.34', family: 4 }
const PUBLIC_6 = { address: '2606:2800:220:1::1', family: 6 }

/** Names with their addresses, instead of the network's. */
function names(known: Readonly<Record<string, readonly { address: string; family: number }[]>>): Lookup {
  return async (name) => known[name] ?? Promise.reject(new Error('ENOTFOUND'))
}

const lookup = names({
  'example.org': [PUBLIC, PUBLIC_6],
  'mixed.example.org': [{ address: '10.0.0.1', family: 4 }, PUBLIC],
  'inside.example.org': [{ address: '10.0.0.1', family: 4 }],
  localhost: [{ address: '127.0.0.1', family: 4 }],
})

test('unless told, webhooks may post by https to names with a public address, and to those addresses alone', async () => {
  const targets = new WebhookTargets(undefined, lookup)
  expect(await targets.addresses('https://example.org/hook?key=1')).toEqual([PUBLIC, PUBLIC_6])
  expect(await targets.addresses('https://example.org:8443/')).toEqual([PUBLIC, PUBLIC_6])
  expect(await targets.addresses('https://mixed.example.org/')).toEqual([PUBLIC])
  expect(await targets.addresses('https://93.184.216.34/')).toEqual([PUBLIC])
})

test('nothing else may be asked: no other scheme, no name without an address, nobody’s password', async () => {
  const targets = new WebhookTargets(undefined, lookup)
  for (const url of [
    'http://example.org/',
    'ftp://example.org/',
    'https://mei:secret@example.org/',
    'https://nowhere.example.org/',
    'https://inside.example.org/',
    'https://localhost/',
    'no url',
  ]) {
    await expect(targets.addresses(url), url).rejects.toThrow(TargetError)
  }
})

test('no address of a special range is public, however it is written', async () => {
  const targets = new WebhookTargets(undefined, lookup)
  for (const host of [
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '198.18.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a00:1]',
    '[::7f00:1]',
    '[fe80::1]',
    '[fec0::1]',
    '[fd12:3456::1]',
    '[64:ff9b::a00:1]',
    '[64:ff9b:1::1]',
    '[2002:a00:1::]',
    '[2001:0:a00:1::]',
    '[2001:db8::1]',
    '[ff02::1]',
    '[100::1]',
  ]) {
    await expect(targets.addresses(`https://${host}/`), host).rejects.toThrow('no public address')
  }
})

test('what the operator names may be asked, wherever it is; what they do not, not', async () => {
  const targets = new WebhookTargets(['http://localhost:9000', 'inside.example.org'], lookup)
  expect(await targets.addresses('http://localhost:9000/hook')).toEqual([{ address: '127.0.0.1', family: 4 }])
  expect(await targets.addresses('https://inside.example.org:8443/')).toEqual([{ address: '10.0.0.1', family: 4 }])
  for (const url of [
    'http://localhost:9001/',
    'https://localhost:9000/',
    'http://inside.example.org/',
    'https://example.org/',
  ]) {
    await expect(targets.addresses(url), url).rejects.toThrow('the operator allows')
  }
})

test('with the word public beside them both may be asked; with nothing at all, nothing', async () => {
  const both = new WebhookTargets(['public', 'http://localhost:9000'], lookup)
  expect(await both.addresses('https://example.org/')).toEqual([PUBLIC, PUBLIC_6])
  expect(await both.addresses('http://localhost:9000/')).toHaveLength(1)
  await expect(new WebhookTargets([], lookup).addresses('https://example.org/')).rejects.toThrow(TargetError)
})

test('a name that nobody may ask is not looked up', async () => {
  const asked: string[] = []
  const counting: Lookup = async (name) => {
    asked.push(name)
    return [PUBLIC]
  }
  await expect(new WebhookTargets(undefined, counting).addresses('http://example.org/')).rejects.toThrow(TargetError)
  await expect(new WebhookTargets(['a.org'], counting).addresses('https://b.org/')).rejects.toThrow(TargetError)
  await new WebhookTargets(['a.org'], counting).addresses('https://a.org/')
  expect(asked).toEqual(['a.org'])
})

test('a target that is no origin, host or word is said at the start', () => {
  for (const wrong of ['http://a.org/path', 'ftp://a.org', 'a b', '', 'https://u:p@a.org', 'a.org/x']) {
    expect(() => new WebhookTargets([wrong]), wrong).toThrow(TypeError)
  }
})
