// What is asked at every size: the calls of a library opened over a storage, and how long they take in turns.
import { createInvites, type Invites, type Limits, type Storage } from 'invitekit'
import type { InviteId } from '../../src/domain/invite.ts'
import { tokenOf } from '../../src/domain/token.ts'
import { emailOf, idOf, isPending, key, organizationOf, type Size, secret } from './seed.ts'

export const open = (storage: unknown, limits: Limits = { pending: 5000, seats: 5000 }): Invites =>
  createInvites({
    storage: storage as Storage<never>,
    keys: [secret],
    publicUrl: 'https://app.example.com/invites',
    limits,
    relay: { inline: false },
  }) as unknown as Invites

export const owner = (organizationId: string) =>
  ({ userId: 'ada', organizationId, role: 'owner', email: 'ada@example.com', emailVerified: true }) as const

export const tokenAt = (nth: number): string => tokenOf(key, idOf(nth) as InviteId, 1)

/** The pending invites of an ordinary organization, last first: those of the first thousand rows belong to nobody special. */
export function* waiting(size: Size, organizationId = 'org-1'): Generator<number> {
  for (let nth = size.invites; nth > 0; nth -= 1) if (isPending(nth) && organizationOf(nth, size) === organizationId) yield nth
}

export type Calls = Readonly<Record<'page' | 'preview' | 'create' | 'accept', () => Promise<unknown>>>

let made = 0

export function callsOf(invites: Invites, size: Size, organizationId = 'org-1'): Calls {
  const toAccept = waiting(size, organizationId)
  const [seen = 3] = waiting(size, organizationId)
  return {
    page: () => invites.list({ limit: 50 }, { actor: owner(organizationId) }),
    preview: () => invites.preview({ token: tokenAt(seen) }),
    create: () =>
      invites.create({ recipient: { email: `new${made++}@example.com` }, role: 'member' }, { actor: owner(organizationId) }),
    accept: () => {
      const nth = toAccept.next().value
      if (nth === undefined) throw new Error('no invite waits any more')
      const actor = { userId: `new${nth}`, email: emailOf(nth), emailVerified: true }
      return invites.accept({ token: tokenAt(nth) }, { actor })
    },
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** How much longer the call takes at the second than at the first: medians of many, asked in turns. */
export async function ratio(first: () => Promise<unknown>, second: () => Promise<unknown>, times = 60): Promise<number> {
  for (let n = 0; n < 10; n += 1) {
    await first()
    await second()
  }
  const [small, large]: [number[], number[]] = [[], []]
  for (let n = 0; n < times; n += 1) {
    small.push(await timed(first))
    large.push(await timed(second))
  }
  return median(large) / median(small)
}
