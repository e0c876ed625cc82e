import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What one network of one customer has, and may choose from at will (RFC 6177). */
const IPV6_PARTS = 4

/** What an address is counted by: an IPv4 address itself, an IPv6 address its /64. What is no address counts as it is. */
export function addressKey(address: string): string {
  if (isIP(address) === 0) return address
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return `${parsed.parts
    .slice(0, IPV6_PARTS)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
