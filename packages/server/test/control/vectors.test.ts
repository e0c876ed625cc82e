import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { events, requests } from '@arclight/core/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunningServer } from '../running-server.ts'

interface ControlVector {
  readonly meaning: string
  readonly text: string
  readonly does: { readonly is: string; readonly [field: string]: unknown }
}

interface FrameVector {
  readonly meaning: string
  readonly hex: string
  readonly reason?: string
}

/** A file as it ships in the package. */
function shipped<Content>(name: string): Content {
  const path = createRequire(import.meta.url).resolve(`@arclight/core/${name}`)
  return JSON.parse(readFileSync(path, 'utf8')) as Content
}

const { toServer } = shipped<{ toServer: ControlVector[] }>('vectors/control-frames.json')
const frames = shipped<Record<'bad' | 'refused' | 'ignored', FrameVector[]>>('vectors/media-frames.json')

let shared: RunningServer
beforeAll(async () => {
  shared = await RunningServer.start({ connectionLimits: 'off' })
})
afterAll(() => shared[Symbol.asyncDispose]())

test.for(toServer)(
  '[BAD-1][MSG-1][MSG-2] the server does with a text frame what the vectors say: $meaning',
  async (one) => {
    const { text, does } = one
    const client = await shared.connect()
    client.sendText(text)
    if (does.is === 'rejected') {
      expect(await client.event('session.rejected')).toMatchObject({ reason: does.reason, left: 9 })
    } else {
      const { error, ...reply } = await client.texts.take((envelope) => 're' in envelope)
      expect(reply).toEqual({ re: does.re })
      expect(error).toMatchObject({
        code: does.code,
        ...(does.path === undefined ? {} : { issues: [{ path: does.path }] }),
      })
    }
    await client.settle()
  },
)

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex')
}

test('[BAD-1][MEDIA-2] the server rejects each bad and each refused media frame with its reason', async () => {
  for (const { meaning, hex, reason } of [...frames.bad, ...frames.refused]) {
    const client = await shared.connect()
    client.sendBinary(bytes(hex))
    expect(await client.event('session.rejected'), meaning).toMatchObject({ reason, left: 9 })
  }
})

test('[TRACK-5] the server rejects none of the media frames that are ignored', async () => {
  for (const { meaning, hex } of frames.ignored) {
    const client = await shared.connect()
    client.sendBinary(bytes(hex))
    await client.settle()
    expect(
      client.received.filter((one) => 'type' in one && one.type === 'session.rejected'),
      meaning,
    ).toEqual([])
  }
})

test('a JSON Schema of every request, reply and event ships in the package', () => {
  const types = [
    ...Object.keys(requests).flatMap((type) => [`${type}.request`, `${type}.reply`]),
    ...Object.keys(events).map((type) => `${type}.event`),
  ]
  for (const name of types) {
    expect(shipped(`schemas/${name}.json`), name).toMatchObject({ $id: `urn:arclight:v1:${name}`, title: name })
  }
})
