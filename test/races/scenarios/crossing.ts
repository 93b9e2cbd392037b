// Races of two commands that exclude each other: one of them was first, and everybody hears the same of it.
import type { Call } from '../calls.ts'
import { email, many, mixed, type Scenario, same } from '../scenario.ts'

const accepts = (token = '', more: object = {}): readonly Call[] =>
  many(10, () => ({ do: 'accept', token, user: 'ada', email: email(0), ...more }))
const accepted = { accepted: 1, members: 1, creations: 1, acceptances: 1 }
const given = [{ email: email(0) }]

export const crossing: readonly Scenario[] = [
  {
    name: 'when accept and revoke cross, either there is a member or the invite is revoked',
    given,
    calls: ([made]) =>
      mixed<Call>(
        accepts(made?.token),
        many(10, () => ({ do: 'revoke', id: made?.id ?? '' })),
      ),
    endings: [
      { ends: { 'accept ok': 10, 'revoke invite_already_accepted': 10 }, counts: accepted },
      { ends: { 'accept invite_revoked': 10, 'revoke ok': 10 }, counts: { revoked: 1, creations: 1 } },
    ],
  },
  {
    name: 'when accept and decline cross, either there is a member or the invite is declined',
    given,
    calls: ([made]) =>
      mixed<Call>(
        accepts(made?.token),
        many(10, () => ({ do: 'decline', token: made?.token ?? '' })),
      ),
    endings: [
      { ends: { 'accept ok': 10, 'decline invite_already_accepted': 10 }, counts: accepted },
      { ends: { 'accept invite_declined': 10, 'decline ok': 10 }, counts: { declined: 1, creations: 1 } },
    ],
  },
  {
    name: 'when accept and a change of role cross, nobody gets a role that was not shown',
    given,
    calls: ([made]) =>
      mixed<Call>(
        accepts(made?.token, { role: 'member' }),
        many(10, () => ({ do: 'update', id: made?.id ?? '', role: 'admin' })),
      ),
    endings: ending =>
      ending.counts.members
        ? same(ending, { ends: { 'accept ok': 10, 'update invite_already_accepted': 10 }, counts: accepted })
        : same(ending, {
            ends: { 'accept role_changed': 10, 'update ok': 10 },
            counts: { pending: 1, creations: 1, updates: ending.counts.updates ?? 1 },
          }),
  },
  {
    name: 'whoever accepts in the moment of expiry is in time or too late, never both',
    together: true,
    given: [{ expiresIn: 1500, maxUses: 1000 }],
    calls: ([made]) =>
      many(40, index => {
        const at = (made?.expiresAt ?? 0) - 40 + index * 2
        return index % 10 === 5 ? { do: 'sweep', at } : { do: 'accept', token: made?.token ?? '', user: `user-${index}`, at }
      }),
    endings: ({ ends, counts }) => {
      const { uses = 0, members = 0, lateUses = 0 } = counts
      const taken = ends['accept ok'] ?? 0
      const known = taken + (ends['accept invite_expired'] ?? 0) + (ends['sweep ok'] ?? 0)
      return [
        ...(known === 40 ? [] : [`unexpected: ${JSON.stringify(ends)}`]),
        ...(uses === taken && uses === members ? [] : [`${uses} uses, ${members} members, ${JSON.stringify(ends)}`]),
        ...(lateUses === 0 ? [] : [`${lateUses} uses after expiry`]),
      ]
    },
  },
  {
    name: 'when the resend of an expired invite and a new one to the same address cross, one of them is pending',
    given: [{ email: email(0), expired: true }],
    calls: ([made]) =>
      mixed<Call>(
        many(10, () => ({ do: 'resend', id: made?.id ?? '' })),
        many(10, () => ({ do: 'create', email: email(0) })),
      ),
    endings: ending =>
      ending.counts.creations === 2
        ? same(ending, {
            ends: { 'create ok': 1, 'create already_invited': 9, 'resend already_invited': 10 },
            counts: { pending: 1, expired: 1, creations: 2 },
          })
        : same(ending, {
            ends: { 'resend ok': 10, 'create already_invited': 10 },
            counts: { pending: 1, creations: 1, resends: 10 },
          }),
  },
  {
    name: 'when 20 resends of expired invites and 20 new ones cross, the limit of pending ones holds',
    limits: { pending: 10 },
    given: many(20, index => ({ email: email(index), expired: true })),
    calls: made =>
      mixed<Call>(
        made.map(({ id }) => ({ do: 'resend', id })),
        many(20, index => ({ do: 'create', email: email(100 + index) })),
      ),
    endings: ({ ends, counts }) => {
      const sum = (ends['resend ok'] ?? 0) + (ends['create ok'] ?? 0)
      return sum === 10 && (counts.resends ?? 0) === (ends['resend ok'] ?? 0)
        ? []
        : [`unexpected: ${JSON.stringify({ ends, counts })}`]
    },
  },
]
