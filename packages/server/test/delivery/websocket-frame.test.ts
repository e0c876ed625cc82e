import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import WebSocket from 'ws'
import {
  binaryFrame,
  frameHeaderBytes,
  Opcode,
  textFrame,
  writeFrameHeader,
} from '../../src/delivery/websocket-frame.ts'

/** Payload lengths on both sides of each form of the length (RFC 6455, section 5.2). */
const HEADERS: [length: number, header: string][] = [
  [0, '8200'],
  [1, '8201'],
  [125, '827d'],
  [126, '827e007e'],
  [255, '827e00ff'],
  [65_535, '827effff'],
  [65_536, '827f0000000000010000'],
  [1_048_576, '827f0000000000100000'],
]

test('a binary frame is final, unmasked, and has the shortest length', () => {
  for (const [length, header] of HEADERS) {
    const payload = Buffer.alloc(length, 0x5a)
    const frame = binaryFrame(payload)
    const start = frameHeaderBytes(length)
    expect(frame.subarray(0, start).toString('hex'), `${length}`).toBe(header)
    expect(Buffer.compare(frame.subarray(start), payload)).toBe(0)
  }
})

test('a text frame counts bytes, not characters', () => {
  expect(textFrame('{}').toString('hex')).toBe('81027b7d')
  expect(textFrame('é€😀').toString('hex')).toBe('8109c3a9e282acf09f9880')
  expect(textFrame('€'.repeat(42)).subarray(0, 4).toString('hex')).toBe('817e007e')
})

test('a header is written where it is wanted and says where its payload starts', () => {
  const bytes = Buffer.alloc(20, 0xee)
  expect(writeFrameHeader(bytes, 3, Opcode.text, 300)).toBe(7)
  expect(bytes.toString('hex')).toBe(`eeeeee817e012c${'ee'.repeat(13)}`)
})

test('a WebSocket client reads what several frames in one write hold', async () => {
  const http = createServer()
  http.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
    void crypto.subtle.digest('SHA-1', Buffer.from(key)).then((hash) => {
      const accept = Buffer.from(hash).toString('base64')
      const head = `HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
      socket.write(
        Buffer.concat([
          Buffer.from(head),
          textFrame('é'),
          ...HEADERS.map(([length]) => binaryFrame(Buffer.alloc(length))),
        ]),
      )
    })
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`)
  const got: unknown[] = []
  for await (const [data, isBinary] of onMessages(client, HEADERS.length + 1)) {
    got.push(isBinary ? data.length : data.toString())
  }
  expect(got).toEqual(['é', ...HEADERS.map(([length]) => length)])
  client.terminate()
  http.close()
  http.closeAllConnections()
})

/** The next `count` messages. */
async function* onMessages(client: WebSocket, count: number): AsyncGenerator<[data: Buffer, isBinary: boolean]> {
  const messages: [Buffer, boolean][] = []
  await new Promise<void>((resolve) => {
    client.on('message', (data: Buffer, isBinary) => {
      messages.push([data, isBinary])
      if (messages.length === count) resolve()
    })
  })
  yield* messages
}
