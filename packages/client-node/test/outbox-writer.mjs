/** Puts messages into a file outbox until it is killed, and says which are kept. */
import { fileOutbox } from '@arclight/client-node'

const [directory, first = '1', most = '1e9'] = process.argv.slice(2)
const scope = { server: 'wss://talk.example.org/arclight', user: 'mei' }
const say = (line) => process.stdout.write(`${line}\n`)
const adopted = (entries) => {
  for (const { text } of entries) say(`adopted ${text}`)
}
const lane = await fileOutbox({ directory }).open(scope, { adopted })
const put = async (number) => {
  await lane.put({ clientId: `id ${number}`, channel: 'general', text: `${number}`, at: 1 })
  say(`kept ${number}`)
}
const last = Number(first) + Number(most)
for (let number = Number(first); number < last; number += 10) {
  await Promise.all(Array.from({ length: Math.min(10, last - number) }, (_, at) => put(number + at)))
}
say('done')
setInterval(() => {}, 1_000)
