import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import proxyAddr from 'proxy-addr'

/** Who is at the other end, as far as it can be believed. */
export interface Peer {
  /** The client's address; the connection's own where nobody trusted says otherwise. */
  readonly address: string
  /** Whether it is this machine itself. */
  readonly local: boolean
  /** The host that the client asked for. */
  readonly host: string | undefined
  /** Somebody who is not trusted says that it speaks for others. */
  readonly untrustedProxy: boolean
}

/** Each says that the connection is somebody else's. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip'] as const

/** Reads forwarded headers of the proxies that the operator trusts, and of nobody else. */
export class Proxies {
  readonly #trusts: (address: string, distance: number) => boolean

  /** Addresses and CIDRs (`10.0.0.0/8`). Throws TypeError for what is neither. */
  constructor(trusted: readonly string[] = []) {
    this.#trusts = proxyAddr.compile([...trusted])
  }

  peerOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): Peer {
    const { headers, socket } = request
    const near = socket.remoteAddress ?? ''
    const forwarded = FORWARDED.some((name) => headers[name] !== undefined)
    if (isIP(near) === 0 || !this.#trusts(near, 0)) {
      return { address: near, local: !forwarded && isLoopback(near), host: headers.host, untrustedProxy: forwarded }
    }
    const said = proxyAddr(request as IncomingMessage, this.#trusts)
    // What is no address cannot be counted, and is not believed.
    const address = isIP(said) === 0 ? near : said
    const unnamed = forwarded && headers['x-forwarded-for'] === undefined
    const local = !unnamed && said === address && isLoopback(address)
    return { address, local, host: forwardedHost(headers) ?? headers.host, untrustedProxy: false }
  }
}

/** Of several proxies the first saw what the client asked for. */
function forwardedHost(headers: IncomingMessage['headers']): string | undefined {
  const said = headers['x-forwarded-host']
  return (Array.isArray(said) ? said[0] : said)?.split(',', 1)[0]?.trim()
}

function isLoopback(address: string): boolean {
  return isIP(address) !== 0 && ipaddr.process(address).range() === 'loopback'
}
