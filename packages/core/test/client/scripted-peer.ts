import type { ConnectTransport } from '../../src/client/transport.ts'
import type { ReplyData, RequestData, RequestType } from '../../src/protocol/requests.ts'
import type { SessionHello } from '../../src/protocol/session.ts'
import { type ScriptedConnection, ScriptedServer } from '../../src/testing/scripted-server.ts'
import type { Refusal } from './refusal.ts'
import { HELLO } from './wire-data.ts'

/** What a scripted server says to a request; undefined leaves it without a reply. */
export type Answer<Type extends RequestType> = (data: RequestData<Type>) => ReplyData<Type> | Refusal | undefined
/** The answers by type; a request of any other type gets no reply. */
export type Answers = { [Type in RequestType]?: Answer<Type> }

/** A ScriptedServer that greets and answers by itself, each in a microtask of its own. */
export class ScriptedPeer {
  readonly answers: Answers
  readonly dialled: { url: string; subprotocol: string }[] = []
  /** What new connections are greeted with; undefined leaves them without a greeting. */
  hello: SessionHello | undefined = HELLO
  readonly #server = new ScriptedServer()

  constructor(answers: Answers) {
    this.answers = answers
  }

  /** The newest connection. */
  get connection(): ScriptedConnection {
    return this.#server.connection
  }

  get connections(): readonly ScriptedConnection[] {
    return this.#server.connections
  }

  readonly connect: ConnectTransport = (url, subprotocol, handlers) => {
    this.dialled.push({ url, subprotocol })
    const transport = this.#server.connect(url, subprotocol, handlers)
    const connection = this.#server.connection
    queueMicrotask(() => {
      if (this.hello) connection.send({ type: 'session.hello', data: this.hello })
    })
    return {
      ...transport,
      sendText: (text) => {
        transport.sendText(text)
        queueMicrotask(() => this.#answer(connection, JSON.parse(text)))
      },
    }
  }

  /** The data of all requests of a type on the newest connection, oldest first. */
  asked<Type extends RequestType>(type: Type): RequestData<Type>[] {
    const requests = this.connection.received.filter((request) => request.type === type)
    return requests.map(({ data }) => data as RequestData<Type>)
  }

  /** The types of all requests on the newest connection, oldest first. */
  get types(): string[] {
    return this.connection.received.map(({ type }) => type)
  }

  /** Answers the newest request of a type, on the newest connection. */
  reply<Type extends RequestType>(type: Type, data: ReplyData<Type>): void {
    const request = this.connection.received.findLast((one) => one.type === type)
    if (!request) throw new Error(`nobody asked ${type}; asked were ${this.types.join(', ')}`)
    this.connection.send({ re: request.id, data })
  }

  #answer(connection: ScriptedConnection, request: { id: number; type: RequestType; data: unknown }): void {
    const answer = this.answers[request.type] as ((data: unknown) => object | undefined) | undefined
    const says = answer?.(request.data)
    if (says === undefined) return
    connection.send('error' in says ? { re: request.id, error: says.error } : { re: request.id, data: says })
  }
}
