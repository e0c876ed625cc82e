import type { ReplyData, RequestData } from '../../src/protocol/requests.ts'
import { FakeLog } from '../../src/testing/fake-log.ts'
import { type ScriptedConnection, ScriptedServer } from '../../src/testing/scripted-server.ts'
import { HELLO, SIGNED_IN } from './wire-data.ts'

interface Asked {
  readonly id: number
  readonly type: string
  readonly data: Record<string, unknown>
}

/**
 * A server with one channel, and a network that the test moves: nothing is answered and nothing comes before the test says
 * so. A reply overtakes the entries that wait, as on a real connection.
 */
export class LogServer {
  readonly log = new FakeLog('general')
  readonly #server = new ScriptedServer()
  /** Of the newest connection: requests that have not come, answers that are being made, frames that wait. */
  #requests: Asked[] = []
  #answers: object[] = []
  #replies: object[] = []
  #entries: object[] = []
  #joined = false

  readonly connect: ScriptedServer['connect'] = (url, subprotocol, handlers) => {
    const transport = this.#server.connect(url, subprotocol, handlers)
    this.#requests = []
    this.#answers = []
    this.#replies = [{ type: 'session.hello', data: HELLO }]
    this.#entries = []
    this.#joined = false
    return {
      ...transport,
      sendText: (text) => {
        transport.sendText(text)
        this.#requests.push(JSON.parse(text))
      },
    }
  }

  get connection(): ScriptedConnection {
    return this.#server.connection
  }

  /** Whether anything is on its way. */
  get isBusy(): boolean {
    return this.#requests.length + this.#answers.length + this.#replies.length + this.#entries.length > 0
  }

  /** Whoever joined gets what was just added to the log. */
  announce(entry: object | undefined): void {
    if (entry && this.#joined) this.#entries.push(entry)
  }

  /** Takes the oldest request: the answer is as of this time. */
  answer(): void {
    const request = this.#requests.shift()
    if (request) this.#answers.push({ re: request.id, data: this.#says(request) })
  }

  /** Sends the oldest answer off. */
  reply(): void {
    const answer = this.#answers.shift()
    if (answer) this.#replies.push(answer)
  }

  /** Gives the client some of what waits for it, in one go: replies first. */
  deliver(count: number): void {
    for (let at = 0; at < count; at++) {
      const frame = this.#replies.shift() ?? this.#entries.shift()
      if (frame) this.connection.send(frame)
    }
  }

  /** The connection is slow: what waits is dropped, and the client is told how far the log goes. */
  lag(): void {
    if (this.#entries.length === 0) return
    this.#entries = [{ type: 'channel.lagging', data: { channel: 'general', seq: this.log.head } }]
  }

  #says({ type, data }: Asked): object {
    const { epoch, head } = this.log
    switch (type) {
      case 'auth.login':
        return SIGNED_IN
      case 'session.resume': {
        this.#joined = 'general' in (data.cursors as object)
        const channels: ReplyData<'session.resume'>['channels'] = this.#joined ? { general: { epoch, head } } : {}
        return { ...SIGNED_IN, channels }
      }
      case 'channel.join':
        this.#joined = true
        return { channel: { id: 'general', kind: 'text', name: 'general', epoch, head } }
      case 'log.read': {
        const { after, limit = 100 } = data as RequestData<'log.read'>
        return this.log.read(after, limit)
      }
      case 'history.page': {
        const { limit = 50, ...where } = data as RequestData<'history.page'>
        return this.log.page(where, limit)
      }
      default:
        throw new Error(`nobody answers ${type}`)
    }
  }
}
