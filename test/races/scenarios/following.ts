// Races of those who look for what has fallen due: whoever is first sends it, and nobody else.
import type { Call } from '../calls.ts'
import { email, many, mixed, type Scenario } from '../scenario.ts'

const sweeps = many<Call>(9, () => ({ do: 'sweep' }))

export const following: readonly Scenario[] = [
  {
    name: 'of 15 invites whose reminder 9 sweeps find due, each has one',
    followUps: true,
    given: many(15, index => ({ email: email(index), sent: true })),
    calls: () => sweeps,
    endings: [{ ends: { 'sweep ok': 9 }, counts: { pending: 15, creations: 15, reminders: 15 } }],
  },
  {
    name: 'of 15 invites that 9 sweeps find expired, each inviter has one notice',
    followUps: true,
    given: many(15, index => ({ email: email(index), expired: true, by: 'adam' })),
    calls: () => sweeps,
    endings: [{ ends: { 'sweep ok': 9 }, counts: { expired: 15, creations: 15, notices: 15 } }],
  },
  {
    name: 'when reminders cross with revocations and resends, nothing is reminded of twice, and nothing that ended',
    followUps: true,
    given: many(20, index => ({ email: email(index), sent: true })),
    calls: made =>
      mixed<Call>(
        sweeps,
        made.slice(0, 10).map(({ id }) => ({ do: 'revoke', id })),
        made.slice(10).map(({ id }) => ({ do: 'resend', id })),
      ),
    endings: ({ ends, counts }) => {
      const { tooMany = 0, lateReminders = 0, revoked = 0, resends = 0, pending = 0 } = counts
      return tooMany + lateReminders === 0 && revoked === 10 && resends === 10 && pending === 10 && ends['sweep ok'] === 9
        ? []
        : [`unexpected: ${JSON.stringify({ ends, counts })}`]
    },
  },
]
