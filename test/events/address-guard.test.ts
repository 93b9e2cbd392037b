// The guard against SSRF: only public addresses, however they are written, and whatever a host name resolves to and when.
import type { LookupAddress } from 'node:dns'
import { beforeEach, expect, test, vi } from 'vitest'
import { createAddressGuard, createLookup } from '../../adapters/events/webhook/address-guard.ts'
import { anEvent, calm, given, refusal } from './given.ts'

const zone = vi.hoisted(() => ({ answers: [] as (readonly string[])[], asked: [] as string[] }))

// A resolver that answers what each test wants, and may answer differently each time.
vi.mock('node:dns', async original => {
  const dns = await original<typeof import('node:dns')>()
  const lookup = (host: string, _: object, callback: (error: Error | null, found: readonly LookupAddress[]) => void) => {
    zone.asked.push(host)
    const answer = zone.answers.length > 1 ? zone.answers.shift() : zone.answers[0]
    const found = (answer ?? []).map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
    const unknown = Object.assign(new Error('eyes'), { code: 'ENOTFOUND' })
    setImmediate(() => callback(found.length === 0 ? unknown : null, found))
  }
  return { ...dns, default: { ...dns, lookup }, lookup }
})

beforeEach(() => {
  zone.answers = []
  zone.asked = []
})

const closed = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1', 'ff0e::1'],
  'broadcast and reserved': ['255.255.255.255', '240.0.0.1'],
  'cloud metadata': ['169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'],
  'documentation and benchmarks': ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'mapped IPv4': ['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:a00:1'],
  'compatible IPv4': ['::127.0.0.1', '::8.8.8.8'],
  NAT64: ['64:ff9b::7f00:1', '64:ff9b::808:808', '64:ff9b:1::1'],
  '6to4': ['2002:7f00:1::1', '192.88.99.1'],
  'Teredo and protocols': ['2001::1', '2001:0:53aa:64c::1', '2001:10::1', '2001:20::1'],
  'unique-local': ['fc00::1', 'fd12:3456::1'],
  'not of the Internet': ['100::1', '4000::1', '5f00::1', '8000::1', 'c000::1'],
  'no address': ['', 'localhost', '1.2.3', '1.2.3.4.5', '::g'],
}

test.each(Object.entries(closed))('%s addresses are refused', (_, addresses) => {
  const { isOpen } = createAddressGuard(new Set(), [])
  expect(addresses.filter(address => isOpen(address, 'hooks.example'))).toEqual([])
})

test('public addresses are open', () => {
  const { isOpen } = createAddressGuard(new Set(), [])
  const open = ['1.1.1.1', '8.8.8.8', '93.184.216.34', '172.32.0.1', '172.15.255.255', '100.63.255.255', '100.128.0.1']
  const open6 = ['2606:4700:4700::1111', '2001:4860:4860::8888', '2001:200::1', '2a00:1450::1', '2003::1']
  expect([...open, ...open6].filter(address => !isOpen(address, 'hooks.example'))).toEqual([])
})

test('a range opens what is in it and nothing beside, and of the other family nothing', () => {
  const { isOpen } = createAddressGuard(new Set(), ['10.1.0.0/16', 'fd00:1::/32'])
  const asked = ['10.1.2.3', '10.2.0.1', 'fd00:1::5', 'fd00:2::5', '::ffff:10.1.2.3', '127.0.0.1']
  expect(asked.filter(address => isOpen(address, 'x'))).toEqual(['10.1.2.3', 'fd00:1::5'])
  expect(createAddressGuard(new Set(), ['::/0']).isOpen('127.0.0.1', 'x')).toBe(false)
  expect(createAddressGuard(new Set(), ['0.0.0.0/0']).isOpen('127.0.0.1', 'x')).toBe(true)
  expect(createAddressGuard(new Set(), ['0.0.0.0/0']).isOpen('::1', 'x')).toBe(false)
})

test('of a name’s addresses only the open ones are answered, whichever way the socket asks', async () => {
  zone.answers = [['10.0.0.1', '93.184.216.34', '::1', '2606:4700::1']]
  const lookup = createLookup(createAddressGuard(new Set(), []))
  const ask = (all: boolean) =>
    new Promise(resolve => lookup('mixed.example', { all }, (error, ...found) => resolve(error ?? found)))
  const first = { address: '93.184.216.34', family: 4 }
  expect(await ask(true)).toEqual([[first, { address: '2606:4700::1', family: 6 }]])
  expect(await ask(false)).toEqual([first.address, first.family])
})

test('a name that leads to a private address is refused when the socket connects, and no connection is made', async () => {
  zone.answers = [['127.0.0.1']]
  const { receiver } = await given()
  const { sink } = await given(undefined, { url: `https://hooks.example:${receiver.port}`, allow: [] })
  const error = await refusal(sink.publish(anEvent(), { signal: calm() }))
  expect(error).toMatchObject({ permanent: false, failure: "the endpoint's address is not public, and not in `allow`" })
  expect(JSON.stringify({ ...error })).not.toContain('hooks.example')
  expect(zone.asked).toEqual(['hooks.example'])
  expect(receiver.connections()).toBe(0)
})

test('a name that is allowed once and changes its address is asked again for the next connection', async () => {
  zone.answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1']]
  const { receiver } = await given()
  const url = `https://hooks.example:${receiver.port}`
  const { sink } = await given(undefined, { url, allow: ['127.0.0.1'] })
  const failures: string[] = []
  for (let tries = 0; tries < 3; tries += 1) failures.push((await refusal(sink.publish(anEvent(), { signal: calm() }))).failure)
  const tls = 'TLS with the endpoint failed'
  expect(failures).toEqual([tls, "the endpoint's address is not public, and not in `allow`", tls])
})

test('a host in `allow` may be private and plain http, by its name', async () => {
  zone.answers = [['127.0.0.1']]
  const { receiver } = await given()
  const { sink } = await given(undefined, { url: `http://Hooks.Internal:${receiver.port}/a`, allow: ['hooks.INTERNAL'] })
  await sink.publish(anEvent(), { signal: calm() })
  expect(receiver.got[0]).toMatchObject({ path: '/a', headers: { host: `hooks.internal:${receiver.port}` } })
})

test('a name that is not found fails with a sentence that says so, and is tried again', async () => {
  const { sink } = await given(undefined, { url: 'https://nowhere.example' })
  const failure = 'the name of the endpoint was not found'
  expect(await refusal(sink.publish(anEvent(), { signal: calm() }))).toMatchObject({ permanent: false, failure })
})
