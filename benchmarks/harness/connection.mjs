import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { FrameParser, maskedFrame, Opcode } from './frame-parser.mjs'

const ENTERING_MS = 15_000
/** One read buffer for all connections: each read is used up before the next. */
const readBuffer = Buffer.allocUnsafe(262_144)

/**
 * Who gets a connection's frames; `read` comes before those of one read, which all arrived then.
 * @typedef {object} Receiver
 * @property {() => void} read
 * @property {(connection: Connection, opcode: number, bytes: Buffer, from: number, to: number, frameBytes: number) => void} frame
 */

/** A WebSocket client on a bare TCP socket: 200 of them must cost the machine less than the server they listen to. */
export class Connection {
  lost = false
  /** @type {string[] | undefined} What came while this connection enters; not kept afterwards. */
  #texts = []
  #arrived = () => {}
  #upgraded = false
  #response = ''
  #parser
  #socket

  /** @param {number} port @param {Receiver} receiver */
  constructor(port, receiver) {
    this.#parser = new FrameParser((opcode, bytes, from, to, frameBytes) => {
      if (this.#texts && opcode === Opcode.text) this.#keep(bytes.toString('utf8', from, to))
      else receiver.frame(this, opcode, bytes, from, to, frameBytes)
    })
    const callback = (/** @type {number} */ length, /** @type {Buffer} */ buffer) => {
      receiver.read()
      const bytes = buffer.subarray(0, length)
      this.#parser.push(this.#upgraded ? bytes : this.#upgrade(bytes))
      return true
    }
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: readBuffer, callback } })
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.lost = true
      this.#arrived()
    })
  }

  /** @param {{ path: string, subprotocol?: string | undefined }} request */
  async open({ path, subprotocol }) {
    const lines = [
      `GET ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
      ...(subprotocol ? [`Sec-WebSocket-Protocol: ${subprotocol}`] : []),
    ]
    await once(this.#socket, 'connect')
    this.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`))
    await this.#wait(() => this.#upgraded)
  }

  /** The next text that `matches`, until `entered`. @param {(text: string) => boolean} matches @returns {Promise<string>} */
  async text(matches) {
    let found = -1
    await this.#wait(() => {
      found = this.#texts?.findIndex(matches) ?? -1
      return found >= 0
    })
    return /** @type {string} */ (this.#texts?.splice(found, 1)[0])
  }

  /** From here on texts are frames as any other. */
  entered() {
    this.#texts = undefined
  }

  end() {
    this.#socket.destroy()
  }

  /** @param {string} text */
  sendText(text) {
    this.write(maskedFrame(Opcode.text, Buffer.from(text)))
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    if (!this.lost) this.#socket.write(bytes)
  }

  /** @param {() => boolean} isDone @returns {Promise<void>} */
  #wait(isDone) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server did not answer a connection')), ENTERING_MS)
      const settle = (/** @type {() => void} */ how) => {
        clearTimeout(timer)
        this.#arrived = () => {}
        how()
      }
      this.#arrived = () => {
        if (isDone()) settle(resolve)
        else if (this.lost) settle(() => reject(new Error(`the server closed a connection ${this.#response}`)))
      }
      this.#arrived()
    })
  }

  /** @param {string} text */
  #keep(text) {
    this.#texts?.push(text)
    this.#arrived()
  }

  /** Returns what follows the response's header. @param {Buffer} bytes @returns {Buffer} */
  #upgrade(bytes) {
    this.#response += bytes.toString('latin1')
    const end = this.#response.indexOf('\r\n\r\n')
    if (end < 0 || !this.#response.startsWith('HTTP/1.1 101')) return Buffer.alloc(0)
    this.#upgraded = true
    queueMicrotask(this.#arrived)
    return Buffer.from(this.#response.slice(end + 4), 'latin1')
  }
}
