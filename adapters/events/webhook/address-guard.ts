// Where an endpoint may be: at public addresses, and where `allow` says. Asked when a connection is made, of the very address
// it is made to, so a name that changes its address in between gains nothing.
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { refusedAddress } from './failure.ts'

export interface AddressGuard {
  /** `allow` names this host, or has a range for this address: it may be private, and plain http. */
  readonly isAllowed: (host: string) => boolean
  /** A connection to this address may be made for this host. */
  readonly isOpen: (address: string, host: string) => boolean
}

// The registries of special addresses at IANA. 168.63.129.16 is Azure's metadata; the other clouds' are in private ranges.
const closed = createRanges([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
  // All but 2000::/3: loopback, mapped and compatible IPv4, NAT64, unique-local, link-local, multicast.
  ...['::/3', '4000::/2', '8000::/1'],
  // Of 2000::/3: protocols and Teredo, documentation, 6to4.
  ...['2001::/23', '2001:db8::/32', '3fff::/20', '2002::/16'],
])

/** `allow` has hosts as URLs write them, and ranges. */
export function createAddressGuard(hosts: ReadonlySet<string>, ranges: readonly string[]): AddressGuard {
  const allowed = createRanges(ranges)
  const isAllowed = (host: string) => hosts.has(host) || allowed.has(host)
  return {
    isAllowed,
    isOpen: (address, host) => isAllowed(host) || allowed.has(address) || (isIP(address) !== 0 && !closed.has(address)),
  }
}

/** The lookup for a socket: answers only addresses that may be connected to. */
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

/** A list for each family: in one list `::/3` would have every IPv4 address, as a mapped one. */
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
