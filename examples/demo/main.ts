import { mkdir } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '@arclight/client-node'
import { createServer } from '@arclight/server'
import { sqliteStorage } from '@arclight/server/storage/sqlite'
import { proveChat } from './chat.ts'
import { report } from './checks.ts'
import { BREAKS, type Break, listenerTransport } from './faults.ts'
import { proveVoice } from './voice.ts'

const SPEECH = fileURLToPath(new URL('../../fixtures/speech-mei.wav', import.meta.url))

/** A server and two clients, one that writes and talks and one that reads and listens. */
async function demo(broken: Break | undefined): Promise<boolean> {
  const directory = join(process.env.DATA_DIR ?? 'data', 'demo', `${Date.now()}`)
  await mkdir(directory, { recursive: true })
  const heard = join(directory, 'heard.wav')
  const server = createServer({ storage: sqliteStorage({ file: join(directory, 'arclight.db') }) })
  await server.open()
  const http = createHttpServer()
  server.attach(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/arclight`
  const mei = createClient({ url })
  const li = createClient({ url, connect: listenerTransport(broken) })
  try {
    await mei.register({ name: 'mei', password: 'a password of mei' })
    await li.register({ name: 'li', password: 'a password of li' })
    const voice = proveVoice(mei, li, { speech: SPEECH, heard })
    const checks = [...(await proveChat(mei, li)), ...(await voice)]
    console.log(`what li heard is in ${heard}`)
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
  if (values.break !== undefined && !broken) throw new Error(`--break takes ${BREAKS.join(' or ')}`)
  return broken
}

process.exitCode = (await demo(readBreak())) ? 0 : 1
