import type { Client, Message } from '@arclight/client-node'
import type { Verdict } from './checks.ts'

const MESSAGES = 100
/** From the last reply to giving up on what has not come. */
const PATIENCE_MS = 3_000

/** One client writes, the other reads: every message once, in order. */
export async function proveChat(writer: Client, reader: Client): Promise<Verdict> {
  const received: Message[] = []
  const channel = reader.channels.get('general')
  let complete: () => void = () => {}
  const all = new Promise<void>((resolve) => {
    complete = resolve
  })
  const undo = channel.on('message', (message) => {
    received.push(message)
    if (received.length === MESSAGES) complete()
  })
  await channel.join()
  const texts = Array.from({ length: MESSAGES }, (_, index) => `message ${index + 1} of ${MESSAGES}`)
  await Promise.all(texts.map((text) => writer.channels.get('general').send(text)))
  await Promise.race([all, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))])
  undo()
  const inOrder = received.length === MESSAGES && received.every(({ text }, index) => text === texts[index])
  return async () => [
    { what: 'every message arrived once, in order', seen: `${received.length} of ${MESSAGES}`, holds: inOrder },
  ]
}
