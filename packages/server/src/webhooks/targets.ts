import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address that a request may go to. */
export interface TargetAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** All addresses of a name. Rejects where it has none. */
export type Lookup = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

/** A request may not go there; the message says why, and what would let it. */
export class TargetError extends Error {
  override readonly name = 'TargetError'
}

/** In the list of an operator: what may be asked without one. */
const PUBLIC = 'public'
/** Ranges that `ipaddr.js` has among the public ones: RFC 2544, benchmarks. */
const MORE_PRIVATE = [ipaddr.parseCIDR('198.18.0.0/15')]
/** RFC 4291: what is not in it is no address of the Internet, whatever it is called. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3')

const systemLookup: Lookup = (name) => lookup(name, { all: true, verbatim: true })

/**
 * Where webhooks may post. Who can make a webhook makes the server ask for a URL of their choice, from inside its
 * network: without the operator's word that is an https URL whose name has a public address, which the request then goes
 * to, whatever the name says a moment later.
 */
export class WebhookTargets {
  readonly #public: boolean
  readonly #origins = new Set<string>()
  readonly #hosts = new Set<string>()
  readonly #lookup: Lookup

  /**
   * `allowed`: origins (`http://10.0.0.5:9000`), hosts that https may go to (`hooks.example.org`), and the word
   * `public`, which is the list unless told. What is named may have any address. Throws TypeError for anything else.
   */
  constructor(allowed: readonly string[] = [PUBLIC], find: Lookup = systemLookup) {
    this.#public = allowed.includes(PUBLIC)
    this.#lookup = find
    for (const entry of allowed) {
      if (entry === PUBLIC) continue
      const url = urlOf(entry.includes('://') ? entry : `https://${entry}`)
      if (!url || `${url.pathname}${url.search}${url.hash}` !== '/') {
        throw new TypeError(`expected an origin, a host or "${PUBLIC}", got ${JSON.stringify(entry)}`)
      }
      if (entry.includes('://')) this.#origins.add(url.origin)
      else this.#hosts.add(url.hostname)
    }
  }

  /** The addresses that a request to the URL may go to, at least one. Rejects with TargetError. */
  async addresses(given: string): Promise<readonly TargetAddress[]> {
    const url = urlOf(given)
    if (!url) throw new TargetError('expected an http or https URL without a name and password')
    if (this.#isNamed(url)) return this.#find(url)
    if (!this.#public) throw new TargetError(`${url.origin} is not among the targets that the operator allows`)
    if (url.protocol !== 'https:') throw new TargetError('expected an https URL, or one that the operator allows')
    const open = (await this.#find(url)).filter(({ address }) => isPublic(address))
    if (open.length > 0) return open
    throw new TargetError(
      `${url.hostname} has no public address, and is not among the targets that the operator allows`,
    )
  }

  #isNamed({ origin, protocol, hostname }: URL): boolean {
    return this.#origins.has(origin) || (protocol === 'https:' && this.#hosts.has(hostname))
  }

  async #find({ hostname }: URL): Promise<readonly TargetAddress[]> {
    const host = hostname.replace(/^\[(.*)\]$/, '$1')
    const family = isIP(host)
    const found = family > 0 ? [{ address: host, family }] : await this.#ask(host)
    return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
  }

  async #ask(host: string): ReturnType<Lookup> {
    try {
      return await this.#lookup(host)
    } catch (error) {
      throw new TargetError(`${host} has no address`, { cause: error })
    }
  }
}

/** Undefined for what is not to be asked at all. A name and password in it would be kept and shown. */
function urlOf(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  return isHttp && url.username === '' && url.password === '' ? url : undefined
}

/** Private, loopback, link-local and all other special ranges, those inside an IPv6 address too, are not. */
function isPublic(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address.range() !== 'unicast') return false
  if (address instanceof ipaddr.IPv6) return address.match(GLOBAL_IPV6)
  return !MORE_PRIVATE.some((range) => address.match(range))
}
