import { ConnectionError, createClient } from '@arclight/client-web'
import { ChatView } from './chat.ts'
import { connectionBar } from './connection-bar.ts'
import { byId, element, sentence } from './element.ts'
import { RecorderView } from './recorder.ts'
import { signIn } from './sign-in.ts'
import { VoiceView } from './voice.ts'

const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
const client = createClient({ url: `${scheme}://${location.host}/arclight` })
globalThis.arclight = client

const chat = new ChatView(client)
const voice = new VoiceView(client)
const recorder = new RecorderView(client)
connectionBar(client)
signIn(client)
byId('log-out', HTMLButtonElement).addEventListener('click', () => void client.logout())

let shown = false
client.on('state', (state) => {
  if (state.name === 'live') void enter(state.user.name)
  else if (state.name === 'closed') {
    leave()
    if (state.error.code !== undefined) byId('sign-in-problem', HTMLElement).textContent = sentence(state.error)
  }
})

async function enter(name: string): Promise<void> {
  byId('me', HTMLElement).textContent = name
  byId('sign-in', HTMLElement).hidden = true
  byId('room', HTMLElement).hidden = false
  if (shown) return
  shown = true
  await drawChannels()
  await recorder.list()
}

function leave(): void {
  shown = false
  byId('sign-in', HTMLElement).hidden = false
  byId('room', HTMLElement).hidden = true
}

async function drawChannels(): Promise<void> {
  const channels = await client.channels.list()
  const list = byId('channels', HTMLUListElement)
  const select = (id: string, name: string): void => {
    byId('channel-name', HTMLElement).textContent = name
    for (const button of list.querySelectorAll('button')) button.ariaCurrent = String(button.value === id)
    void chat.show(id)
  }
  list.replaceChildren(
    ...channels.map(({ id, name, kind }) => {
      const button = element('button', { value: id, type: 'button' }, `${kind === 'voice' ? '♪' : '#'} ${name}`)
      button.addEventListener('click', () => select(id, name))
      return element('li', {}, button)
    }),
  )
  const [first] = channels
  if (first) select(first.id, first.name)
  const lounge = channels.find(({ kind }) => kind === 'voice')
  if (lounge) voice.use(lounge.id)
  byId('voice-name', HTMLElement).textContent = lounge?.name ?? ''
}

client.resume().catch((error: unknown) => {
  if (!(error instanceof ConnectionError)) throw error
  leave()
})
