import { createClient, indexedDbOutbox } from '@arclight/client-web'
import { ReloadingWriter } from './reloading-writer.ts'

const client = createClient({ url: `ws://${location.host}/arclight` })
const general = client.channels.get('general')
const fallbacks: string[] = []
client.outbox.on('fallback', ({ why }) => fallbacks.push(String(why)))

globalThis.outboxPage = {
  client,
  indexedDbOutbox,
  fallbacks,
  write: (texts) => {
    for (const text of texts) general.send(text).catch(() => {})
  },
}

const writer = new ReloadingWriter(client, general)
client.outbox.on('changed', () => writer.go())
client.resume().catch(() => {})
