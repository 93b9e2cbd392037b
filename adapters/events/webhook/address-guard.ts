// Guards against server-side request forgery (SSRF): a webhook connects only to public addresses, and to those that the
// option `allow` names. The address is checked when the connection is made, so a host name that resolves to another address
// after the check gets nowhere (DNS rebinding).
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { refusedAddress } from './failure.ts'

export interface AddressGuard {
  /** Whether `allow` names this host, or has a range with this address. Then it may be private, and plain http. */
  readonly isAllowed: (host: string) => boolean
  /** Whether a connection to this address may be made for this host. */
  readonly isOpen: (address: string, host: string) => boolean
}

// From IANA's registries of special-purpose addresses. 168.63.129.16 is the metadata service of Azure; those of other clouds
// are in private ranges.
const nonPublic = createRanges([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
  // Everything but 2000::/3: loopback, mapped and compatible IPv4, NAT64, unique-local, link-local, multicast.
  ...['::/3', '4000::/2', '8000::/1'],
  // In 2000::/3: protocols and Teredo, documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '3fff::/20', '2002::/16'],
])

/** `hosts` as `URL.hostname` has them, `ranges` as `10.0.0.0/8`. */
export function createAddressGuard(hosts: ReadonlySet<string>, ranges: readonly string[]): AddressGuard {
  const allowed = createRanges(ranges)
  const isAllowed = (host: string) => hosts.has(host) || allowed.has(host)
  return {
    isAllowed,
    isOpen: (address, host) => isAllowed(host) || allowed.has(address) || (isIP(address) !== 0 && !nonPublic.has(address)),
  }
}

/** A `lookup` for sockets that returns only addresses which may be connected to. */
export function createLookup({ isOpen }: AddressGuard): LookupFunction {
  return (host, options, callback) =>
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '')
      const open = found.filter(({ address }) => isOpen(address, host))
      const [first] = open
      if (first === undefined) return callback(refusedAddress(), '')
      return options.all ? callback(null, open) : callback(null, first.address, first.family)
    })
}

/** One list for each family: in a common one `::/3` would match every IPv4 address, as an IPv4-mapped one. */
function createRanges(ranges: readonly string[]) {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const range of ranges) {
    const [address = '', prefix = ''] = range.split('/')
    if (isIP(address) === 4) lists[4].addSubnet(address, Number(prefix), 'ipv4')
    else lists[6].addSubnet(address, Number(prefix), 'ipv6')
  }
  return {
    has(host: string): boolean {
      const address = host.replace(/%.*$/, '')
      const family = isIP(address)
      if (family === 4) return lists[4].check(address, 'ipv4')
      return family === 6 && lists[6].check(address, 'ipv6')
    },
  }
}
