import type { LogEntry, Message } from '@arclight/core/protocol'
import type { RawClient } from './raw-client.ts'

/** Sends texts to a channel, one after the other; returns what was stored. */
export async function say(client: RawClient, texts: readonly string[], channel = 'general'): Promise<Message[]> {
  const messages: Message[] = []
  for (const text of texts) {
    const clientId = `${channel} ${text}`.slice(0, 64)
    messages.push((await client.ask('message.send', { channel, clientId, text })).message)
  }
  return messages
}

/** Texts `1` to `count`. */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${at + 1}`)
}

/** Every log entry that a client was sent, in the order in which they came. */
export function entriesOf(client: RawClient): LogEntry[] {
  return client.texts.all.filter(({ seq }) => seq !== undefined) as unknown as LogEntry[]
}
