import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { TargetAddress } from './targets.ts'

/** What is posted, and where to. */
export interface Post {
  readonly url: string
  /** Where the name leads: no other is asked, and no other is connected to. */
  readonly addresses: readonly TargetAddress[]
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Ends it. */
  readonly signal: AbortSignal
}

/**
 * Posts, and resolves with the status of the answer; its body is not read. A redirect is an answer like any other.
 * node:http rather than fetch, which cannot be told what addresses to connect to.
 */
export function post({ url, addresses, headers, body, signal }: Post): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, agent: false, signal, lookup: only(addresses) }
    const request = send(url, options, (response) => {
      response.on('error', () => {})
      response.destroy()
      resolve(response.statusCode ?? 0)
    })
    request.on('error', reject)
    request.on('close', () => reject(new Error('the connection was closed without an answer')))
    request.end(body)
  })
}

/** Finds these addresses for whatever name. */
function only(addresses: readonly TargetAddress[]): NonNullable<RequestOptions['lookup']> {
  return (_name, options, callback) => {
    const [first] = addresses
    if (options.all) callback(null, [...addresses])
    else if (first) callback(null, first.address, first.family)
    else callback(new Error('there is no address to connect to'), '')
  }
}
