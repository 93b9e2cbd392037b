// The four calls against the same by hand: create, accept, a bulk of fifty, a page; apart and in one hot organization.
import type { Invites } from 'invitekit'
import type { InviteId } from '../../src/domain/invite.ts'
import { tokenOf } from '../../src/domain/token.ts'
import { compared, inTurns, type Line, type Side } from './measure.ts'
import { key, limit, type Store } from './stores.ts'

export type Part = (store: Store) => Promise<readonly Line[]>

const crowds = [1, 16, 64]
/** Until code is compiled and plans are made: some thousands of calls. Colder, invitekit looks a third slower than it is. */
const warmUp = { callers: 16, rounds: 0, warmUp: 4000 }
const apart = 1000
const inviterId = 'ada'
const byHand = 'by hand'
/** Pages that a process remembers: no more calls than these in a slice. */
const remembered = 1000
let run = 0

/** `apart`: each call in another organization. `hot`: all in one, a new one for each slice, so that it starts empty. */
const places = {
  apart: { name: 'distinct organizations', of: (nth: number) => `apart-${nth % apart}` },
  hot: { name: 'one hot organization', of: (_: number, slice: number) => `hot-${run}-${slice}` },
}
type Place = keyof typeof places

const actorOf = (organizationId: string) =>
  ({ userId: inviterId, organizationId, role: 'owner', email: 'ada@example.com', emailVerified: true }) as const

const targetOf = (place: Place, callers: number, { name }: Store) =>
  place === 'apart' ? 0.45 : callers === 64 && name === 'postgres' ? 4 : undefined

/** The same sides for every place and crowd; each but the last is compared with it. */
async function everywhere(store: Store, sidesOf: (place: Place) => readonly Side[]): Promise<Line[]> {
  const lines: Line[] = []
  run += 1
  await inTurns(sidesOf('apart'), warmUp)
  for (const place of ['apart', 'hot'] as const) {
    for (const callers of crowds) {
      run += 1
      const sides = sidesOf(place)
      const rates = await inTurns(sides, { callers })
      for (const { name } of sides.slice(0, -1)) {
        const what = `${name}, ${places[place].name}, ${callers} caller${callers === 1 ? '' : 's'}, ${store.name}`
        lines.push(compared({ what, rates, sides: [name, byHand], atLeast: targetOf(place, callers, store) }))
      }
    }
  }
  return lines
}

const address = (side: string, slice: number, nth: number) => `${side}${run}-${slice}-${nth}@example.com`

const createOne = (invites: Invites, organizationId: string, email: string) =>
  invites.create({ recipient: { email }, role: 'member' }, { actor: actorOf(organizationId) })

/** The library, and where the store has it the library without speculative commits. */
const oursOf = ({ invites, withoutSpeculation }: Store) => [
  { suffix: '', prefix: 'o', invites },
  ...(withoutSpeculation ? [{ suffix: ' without speculation', prefix: 'n', invites: withoutSpeculation }] : []),
]

export const create: Part = store =>
  everywhere(store, place => [
    ...oursOf(store).map(({ suffix, prefix, invites }) => ({
      name: `create${suffix}`,
      call: (nth: number, slice: number) => createOne(invites, places[place].of(nth, slice), address(prefix, slice, nth)),
    })),
    {
      name: byHand,
      call: (nth, slice) =>
        store.byHand.create(
          { organizationId: places[place].of(nth, slice), email: address('t', slice, nth), inviterId },
          limit,
        ),
    },
  ])

export const accept: Part = store =>
  everywhere(store, place => {
    let ids: readonly string[] = []
    const prepare = (name: string) => async (slice: number, wanted: number) => {
      const organizationOf = (index: number) => places[place].of(index, slice)
      const emailOf = (index: number) => address(name, slice, index)
      ids = await store.fill(name === 'theirs' ? name : 'ours', { count: wanted, organizationOf, emailOf })
      return ids.length
    }
    const userId = (name: string, slice: number, nth: number) => `${name}${run}-${slice}-${nth}`
    const token = (nth: number) => tokenOf(key, ids[nth] as InviteId, 1)
    const acceptWith =
      (invites: Invites, name: string): Side['call'] =>
      (nth, slice) =>
        invites.accept(
          { token: token(nth) },
          { actor: { userId: userId(name, slice, nth), email: address(name, slice, nth), emailVerified: true } },
        )
    const shownBefore = (invites: Invites, name: string) => async (slice: number) => {
      await prepare(name)(slice, remembered)
      for (let nth = 0; nth < remembered; nth += 50) {
        await Promise.all(Array.from({ length: 50 }, (_, more) => invites.preview({ token: token(nth + more) })))
      }
      return remembered
    }
    const sidesOf = ({ suffix, prefix, invites }: ReturnType<typeof oursOf>[number]): Side[] => [
      { name: `accept${suffix}`, prepare: prepare(prefix), call: acceptWith(invites, prefix) },
      // SQLite reads an invite in microseconds, and remembers none.
      ...(store.name === 'postgres'
        ? [
            {
              name: `accept what was just shown${suffix}`,
              prepare: shownBefore(invites, `${prefix}shown`),
              call: acceptWith(invites, `${prefix}shown`),
            },
          ]
        : []),
    ]
    return [
      ...oursOf(store).flatMap(sidesOf),
      {
        name: byHand,
        prepare: prepare('theirs'),
        call: (nth, slice) =>
          store.byHand.accept(
            { id: ids[nth] ?? '', userId: userId('theirs', slice, nth), email: address('theirs', slice, nth) },
            limit,
          ),
      },
    ]
  })

export const bulk: Part = async store => {
  run += 1
  const fifty = (side: string, slice: number, nth: number) =>
    Array.from({ length: 50 }, (_, index) => address(side, slice, nth * 50 + index))
  const sides: Side[] = [
    {
      name: 'invitekit',
      weight: 50,
      call: (nth, slice) => {
        const invites = fifty('b', slice, nth).map(email => ({ recipient: { email } }))
        return store.invites.createMany({ invites, defaults: { role: 'member' } }, { actor: actorOf(places.apart.of(nth)) })
      },
    },
    {
      name: byHand,
      weight: 50,
      call: (nth, slice) => {
        const all = fifty('t', slice, nth)
        return store.byHand.bulk(
          all.map(email => ({ organizationId: places.apart.of(nth), email, inviterId })),
          limit,
        )
      },
    },
    {
      name: 'one by one',
      weight: 50,
      call: async (nth, slice) => {
        for (const email of fifty('s', slice, nth)) await createOne(store.invites, places.apart.of(nth), email)
      },
    },
  ]
  const rates = await inTurns(sides, { callers: 1, ms: 250, warmUp: 2000 })
  return [
    compared({
      what: `a bulk of 50 against 50 creates one by one, ${store.name}`,
      rates,
      sides: ['invitekit', 'one by one'],
      atLeast: store.name === 'postgres' ? 15 : undefined,
    }),
    compared({ what: `a bulk of 50, 1 caller, ${store.name}`, rates }),
  ]
}

export const list: Part = async store => {
  run += 1
  const fill = { count: 4000, organizationOf: (index: number) => `list-${index % 10}`, sent: true }
  await store.fill('ours', { ...fill, emailOf: index => address('l', 0, index) })
  await store.fill('theirs', { ...fill, emailOf: index => address('l', 0, index) })
  await store.analyze()
  const lines: Line[] = []
  for (const callers of crowds) {
    const rates = await inTurns(
      [
        { name: 'invitekit', call: nth => store.invites.list({ limit: 50 }, { actor: actorOf(`list-${nth % 10}`) }) },
        { name: byHand, call: nth => store.byHand.page(`list-${nth % 10}`, 51) },
      ],
      { callers, warmUp: lines.length === 0 ? 2000 : 150 },
    )
    const what = `a page of 50 of 400, ${callers} caller${callers === 1 ? '' : 's'}, ${store.name}`
    lines.push(compared({ what, rates, atLeast: 0.7 }))
  }
  return lines
}
