// Rate limits of the public routes: fixed windows, counted in storage before any token is compared.
import { createHash } from 'node:crypto'
import { type Config, fail } from '../../../src/core.ts'
import type { HandleSettings } from './options.ts'

const windowMs = 60_000

export function createRateLimits(
  { incrementCounter }: Pick<Config, 'incrementCounter'>,
  { perClient, answersPerInvite, codesPerClient }: HandleSettings['publicLimits'],
) {
  async function count(counter: string, limit: number, window: number): Promise<void> {
    if (limit === Number.POSITIVE_INFINITY) return
    const { count, retryAfter } = await incrementCounter(counter, window)
    if (count > limit) throw fail('rate_limited', { limit, retryAfter })
  }

  return {
    /** Counts one request of a client. */
    client: (address: string | null) => count(`http:client:${clientKey(address)}`, perClient, windowMs),
    /** Counts one answer to the invite that this token, code or id names. */
    answer: (selector: string) => count(`http:answer:${digest(selector)}`, answersPerInvite, windowMs),
    /** Counts one code that a client tried. */
    code: (address: string | null) => count(`http:codes:${clientKey(address)}`, codesPerClient, 10 * windowMs),
    /** Takes the count of `code` back: the code was right, and only wrong ones are limited. */
    async rightCode(address: string | null): Promise<void> {
      if (codesPerClient === Number.POSITIVE_INFINITY) return
      await incrementCounter(`http:codes:${clientKey(address)}`, 10 * windowMs, -1)
    },
  }
}

// Storage never sees a token or an address, only a digest.
const digest = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Clients without an address share one counter. Of an IPv6 address the /64 counts, since one client owns all of it. */
const clientKey = (address: string | null): string =>
  digest(address === null ? '' : network(address.trim().replace(/%.*$/, '')))

function network(address: string): string {
  const url = address.includes(':') && URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`) : null
  if (!url) return address
  const [head = '', tail] = url.hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  const mapped = groups.slice(0, 5).every(group => group === '0') && groups[5] === 'ffff'
  return mapped ? groups.slice(6).flatMap(bytes).join('.') : groups.slice(0, 4).join(':')
}

const bytes = (group: string): number[] => {
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 255]
}
