import { mkdir } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '@arclight/client-node'
import { fileRecordingSource } from '@arclight/client-node/video/node-av'
import { createServer } from '@arclight/server'
import { fsBlobs } from '@arclight/server/blobs/fs'
import { nodeAvMuxer } from '@arclight/server/muxer/node-av'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import express from 'express'
import { proveChat } from './chat.ts'
import { type Check, report } from './checks.ts'
import { BREAKS, type Break, listenerTransport, sourceWith } from './faults.ts'
import { proveRecording } from './recording.ts'
import { proveVoice } from './voice.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** A server and two clients, one that writes, talks and records and one that reads and listens. */
async function demo(broken: Break | undefined): Promise<boolean> {
  const directory = join(process.env.DATA_DIR ?? 'data', 'demo', `${Date.now()}`)
  await mkdir(directory, { recursive: true })
  const heard = join(directory, 'heard.wav')
  const recorded = join(directory, 'recorded.mp4')
  const server = createServer({
    storage: sqliteStorage({ file: join(directory, 'arclight.db') }),
    blobs: fsBlobs({ directory }),
    muxer: nodeAvMuxer(),
  })
  await server.open()
  const http = createHttpServer(express().use(server.routes()))
  server.attach(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/arclight`
  const mei = createClient({ url })
  const li = createClient({ url, connect: listenerTransport(broken) })
  try {
    await mei.register({ name: 'mei', password: 'a password of mei' })
    await li.register({ name: 'li', password: 'a password of li' })
    const source = sourceWith(broken, fileRecordingSource(`${FIXTURES}picture.mp4`))
    const verdicts = await Promise.all([
      proveChat(mei, li),
      proveVoice(mei, li, { speech: `${FIXTURES}speech-mei.wav`, heard }),
      proveRecording(mei, source, recorded),
    ])
    const checks: Check[] = []
    for (const verdict of verdicts) checks.push(...(await verdict()))
    console.log(`what li heard is in ${heard}, what mei recorded in ${recorded}`)
    return report(checks)
  } finally {
    await mei.close()
    await li.close()
    await server.close()
    http.close()
  }
}

function readBreak(): Break | undefined {
  const { values } = parseArgs({ options: { break: { type: 'string' } } })
  const broken = BREAKS.find((one) => one === values.break)
  if (values.break !== undefined && !broken) throw new Error(`--break takes ${BREAKS.join(', ')}`)
  return broken
}

process.exitCode = (await demo(readBreak())) ? 0 : 1
