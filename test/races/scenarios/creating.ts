// Races of those who invite: limits, one address, bulks, keys, transactions of the host's.
import type { Call } from '../calls.ts'
import { email, many, mixed, type Scenario } from '../scenario.ts'

const levels = [undefined, 'read committed', 'repeatable read', 'serializable'] as const

export const creating: readonly Scenario[] = [
  {
    name: 'of 64 invites made at once on a limit of 10 pending ones, 10 are made',
    limits: { pending: 10 },
    calls: () => many(64, index => ({ do: 'create', email: email(index) })),
    endings: [{ ends: { 'create ok': 10, 'create pending_limit_reached': 54 }, counts: { pending: 10, creations: 10 } }],
  },
  {
    name: 'of 64 open invites made at once on a limit of 10, half of them in transactions of the host’s, 10 are made',
    limits: { pending: 10 },
    calls: () =>
      many(64, (index): Call => {
        const joined = levels[Math.floor(index / 3) % 6]
        return joined ? { do: 'create', joined } : { do: 'create' }
      }),
    endings: [{ ends: { 'create ok': 10, 'create pending_limit_reached': 54 }, counts: { pending: 10, creations: 10 } }],
  },
  {
    name: 'one address that is invited 20 times at once is invited once',
    calls: () => many(20, () => ({ do: 'create', email: email(0) })),
    endings: [{ ends: { 'create ok': 1, 'create already_invited': 19 }, counts: { pending: 1, creations: 1 } }],
  },
  {
    name: 'one address that is invited 20 times at once, in and out of transactions of the host’s, is invited once',
    calls: () =>
      many(20, (index): Call => {
        const joined = levels[index % 4]
        return joined ? { do: 'create', email: email(0), joined } : { do: 'create', email: email(0) }
      }),
    endings: [{ ends: { 'create ok': 1, 'create already_invited': 19 }, counts: { pending: 1, creations: 1 } }],
  },
  {
    name: '20 who take the pending invite if there is one share one invite',
    calls: () => many(20, () => ({ do: 'create', email: email(0), ifPending: 'return' })),
    endings: [{ ends: { 'create ok': 20 }, counts: { pending: 1, creations: 1 } }],
  },
  {
    name: '20 calls with one idempotency key are one call',
    calls: () => many(20, () => ({ do: 'create', key: 'once' })),
    endings: [{ ends: { 'create ok': 20 }, counts: { pending: 1, creations: 1 } }],
  },
  {
    name: 'an inviter who may make 5 invites a day makes 5, however many at once',
    limits: { perInviterPerDay: 5 },
    calls: () => many(20, index => ({ do: 'create', email: email(index), by: 'grace' })),
    endings: [{ ends: { 'create ok': 5, 'create rate_limited': 15 }, counts: { pending: 5, creations: 5 } }],
  },
  {
    name: 'bulks and single invites at once keep one limit together',
    limits: { pending: 10 },
    calls: () =>
      mixed<Call>(
        many(20, index => ({ do: 'create', email: email(index) })),
        many(4, bulk => ({ do: 'bulk', emails: many(20, index => `b${bulk}.${email(index)}`) })),
      ),
    endings: [{ ends: { 'create ok': 10, 'create pending_limit_reached': 90 }, counts: { pending: 10, creations: 10 } }],
  },
  {
    name: 'bulks and single invites at once to the same addresses invite each address once',
    calls: () =>
      mixed<Call>(
        many(20, index => ({ do: 'create', email: email(index) })),
        many(4, () => ({ do: 'bulk', emails: many(20, email) })),
      ),
    endings: [{ ends: { 'create ok': 20, 'create already_invited': 80 }, counts: { pending: 20, creations: 20 } }],
  },
]
