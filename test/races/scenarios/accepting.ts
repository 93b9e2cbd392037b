// Races of those who answer: seats, one invite for many, uses of an open one.

import type { Call } from '../calls.ts'
import { email, many, mixed, type Scenario } from '../scenario.ts'

const personal = (count: number) => many(count, index => ({ email: email(index) }))
const user = (index: number) => `user-${index}`

export const accepting: readonly Scenario[] = [
  {
    name: 'of 20 who accept at once on 5 seats, 5 become members',
    limits: { seats: 5 },
    given: personal(20),
    calls: made => made.map(({ token }, index) => ({ do: 'accept', token, user: user(index), email: email(index) })),
    endings: [
      {
        ends: { 'accept ok': 5, 'accept seat_limit_reached': 15 },
        counts: { pending: 15, accepted: 5, members: 5, creations: 20, acceptances: 5 },
      },
    ],
  },
  {
    name: 'of 20 who accept at once on 5 seats of the host’s own table, 5 become members',
    limits: { seats: 5 },
    hostMembers: true,
    given: personal(20),
    calls: made => made.map(({ token }, index) => ({ do: 'accept', token, user: user(index), email: email(index) })),
    endings: [
      {
        ends: { 'accept ok': 5, 'accept seat_limit_reached': 15 },
        counts: { pending: 15, accepted: 5, hostMembers: 5, creations: 20, acceptances: 5 },
      },
    ],
  },
  {
    name: 'accepting 20 times at once by the same person is one acceptance',
    given: personal(1),
    calls: ([made]) => many(20, () => ({ do: 'accept', token: made?.token ?? '', user: 'ada', email: email(0) })),
    endings: [{ ends: { 'accept ok': 20 }, counts: { accepted: 1, members: 1, creations: 1, acceptances: 1 } }],
  },
  {
    name: 'accepting 20 times at once by the same person adds one row to the host’s own table',
    hostMembers: true,
    given: personal(1),
    calls: ([made]) => many(20, () => ({ do: 'accept', token: made?.token ?? '', user: 'ada', email: email(0) })),
    endings: [{ ends: { 'accept ok': 20 }, counts: { accepted: 1, hostMembers: 1, creations: 1, acceptances: 1 } }],
  },
  {
    name: 'a personal invite that 20 users accept at once makes one member',
    given: personal(1),
    calls: ([made]) => many(20, index => ({ do: 'accept', token: made?.token ?? '', user: user(index), email: email(0) })),
    endings: [
      {
        ends: { 'accept ok': 1, 'accept invite_already_accepted': 19 },
        counts: { accepted: 1, members: 1, creations: 1, acceptances: 1 },
      },
    ],
  },
  {
    name: 'an open invite of 7 uses that 50 take at once is used 7 times',
    given: [{ maxUses: 7 }],
    calls: ([made]) => many(50, index => ({ do: 'accept', token: made?.token ?? '', user: user(index) })),
    endings: [
      {
        ends: { 'accept ok': 7, 'accept uses_exhausted': 43 },
        counts: { accepted: 1, uses: 7, members: 7, creations: 1, acceptances: 7 },
      },
    ],
  },
  {
    name: 'an open invite of 7 uses keeps to the 5 seats, in and out of transactions of the host’s',
    limits: { seats: 5 },
    given: [{ maxUses: 7 }],
    calls: ([made]) => {
      const take = (index: number): Call => ({ do: 'accept', token: made?.token ?? '', user: user(index) })
      return many(30, index => (index % 2 ? take(index) : { ...take(index), joined: 'repeatable read' }))
    },
    endings: [
      {
        ends: { 'accept ok': 5, 'accept seat_limit_reached': 25 },
        counts: { pending: 1, uses: 5, members: 5, creations: 1, acceptances: 5 },
      },
    ],
  },
  {
    name: 'pending invites that hold seats and members who come by them never exceed the seats together',
    limits: { seats: 5, pendingHoldsSeat: true },
    given: personal(3),
    calls: made =>
      mixed<Call>(
        many(20, index => ({ do: 'create', email: email(index + 100) })),
        made.map(({ token }, index) => ({ do: 'accept', token, user: user(index), email: email(index) })),
      ),
    endings: [
      {
        ends: { 'accept ok': 3, 'create ok': 2, 'create seat_limit_reached': 18 },
        counts: { pending: 2, accepted: 3, members: 3, creations: 5, acceptances: 3 },
      },
    ],
  },
]
