import type { WebClient } from '@arclight/client-web'
import { byId } from './element.ts'

/** The thin bar that says what is happening, and nothing while all is well or while nobody is signed in. */
export function connectionBar(client: WebClient): void {
  const bar = byId('connection', HTMLElement)
  const room = byId('room', HTMLElement)
  const write = (): void => {
    const { state } = client
    const { size } = client.outbox
    const waiting = size === 0 ? '' : ` · ${size} waiting to send`
    if (state.name === 'waiting') {
      const seconds = Math.max(0, Math.ceil((state.retryAt - performance.now()) / 1000))
      bar.textContent = `Connection lost: reconnecting in ${seconds} s${waiting}`
    } else if (state.name === 'connecting' || state.name === 'greeted') bar.textContent = `Connecting…${waiting}`
    else if (state.name === 'leaving') bar.textContent = `The server restarts and comes back by itself${waiting}`
    bar.hidden = room.hidden || !['waiting', 'connecting', 'greeted', 'leaving'].includes(state.name)
  }
  client.on('state', write)
  client.outbox.on('changed', write)
  setInterval(write, 500)
}
