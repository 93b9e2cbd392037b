// Random stories: commands of any kind by anybody, while the clock moves; each decided twice, on facts that nobody can change.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Actor } from '../../src/domain/actor.ts'
import type { Command, Proof } from '../../src/domain/command.ts'
import { decide } from '../../src/domain/decide/index.ts'
import { evolve } from '../../src/domain/evolve.ts'
import type { InviteRecord } from '../../src/domain/invite.ts'
import { isLive, type OrganizationState } from '../../src/domain/state.ts'
import * as ask from './ask.ts'
import { frozen } from './frozen.ts'
import * as g from './given.ts'

const limits = {
  pending: 3,
  seats: 3,
  perInviterPerDay: 9,
  perRecipientPerDay: 7,
  resendCooldown: g.hour,
  pendingHoldsSeat: false,
}
const reminders = { after: [g.day, 3 * g.day], before: [g.day] }
export const rules = g.rules({ limits, reminders, noticeChannel: 'email' })
const people = [
  g.ada,
  g.bob,
  g.person('carol', { email: 'carol@example.com', phone: '+15550100' }),
  g.person('dan', { email: 'ada@example.com', verified: false }),
  g.person(null),
]
const hosts = [g.owner, g.admin, g.viewer, g.apiKey, 'system'] as const
const recipients = [
  g.to({ email: 'ada@example.com' }),
  g.to({ email: 'ADA@example.com', phone: '+15550100' }),
  g.to({ email: 'bob@example.com', fullName: 'Bob' }),
  g.to({ phone: '+15550100' }),
  null,
]

const one = <const T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const [actor, person, role] = [fc.constantFrom<Actor[]>(...hosts), one(...people), one('admin', 'member', 'viewer')]
const userId = one('ada', 'bob', 'mia', 'adam')
const lifetime = one(null, g.day, 7 * g.day)
const proof = fc.constantFrom<Proof[]>(
  g.byId,
  g.byToken,
  { by: 'token', generation: 2 },
  g.byCode(...[0, 1, 2].map(number => `hash of ${g.idOf(number)}/1`)),
)
const id = fc.nat(9).map(g.idOf)
const text = fc.option(one('a reason'))

export const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        actor,
        role,
        lifetime,
        id,
        recipient: one(...recipients),
        maxUses: one(null, 1, 2),
        ifPending: one('error', 'return', 'resend'),
        withCode: fc.boolean(),
      })
      .map(over => ask.create({ ...over, channels: over.recipient?.email ? ['email'] : [] })),
  },
  { weight: 5, arbitrary: fc.record({ id, actor: person, proof, role: fc.option(role, { freq: 9 }) }).map(ask.accept) },
  fc.record({ id, actor: person, proof, reason: text }).map(ask.decline),
  fc.record({ id, actor: person, proof }).map(ask.open),
  fc.record({ id, actor: person, proof }).map(ask.renew),
  {
    weight: 3,
    arbitrary: fc
      .record({ id, actor, rotate: fc.boolean(), lifetime: fc.option(lifetime, { nil: undefined }) })
      .map(ask.resend),
  },
  fc.record({ id, actor, reason: text }).map(ask.revoke),
  fc.record({ id, actor, changes: fc.record({ role, lifetime }, { requiredKeys: [] }) }).map(ask.update),
  fc.record({ id, actor }).map(ask.erase),
  fc.record({ id }).map(ask.expire),
  {
    weight: 3,
    arbitrary: fc.record({ id, channels: fc.subarray(['email', 'sms']) }).map(ask.remind),
  },
  fc.record({ type: fc.constant('member.add' as const), actor, userId, role, emailKey: one(null, g.mail('mia@example.com')) }),
  fc.record({ type: fc.constant('member.setRole' as const), actor, userId, role }),
  fc.record({ type: fc.constant('member.remove' as const), actor, userId }),
)
const step = fc.record({ wait: one(0, 0, g.second, g.hour, g.day, 8 * g.day), command })
export const steps = fc.array(step, { minLength: 5, maxLength: 60 })

/** Time has passed: what storage would count now. */
const at = (state: OrganizationState, now: Date): OrganizationState => ({ ...state, now, pending: livesOf(state, now).length })
export const livesOf = (state: OrganizationState, now: Date): InviteRecord[] =>
  [...state.invites.values()].filter(invite => isLive(invite, now))

/** An id names one invite for ever, so a create under an id that is taken is another call. */
const isFresh = (state: OrganizationState, asked: Command) => asked.type !== 'create' || !state.invites.has(asked.id)

/** Every step of a story, with the states before and after it. Each decision is asked for twice, on frozen facts. */
export function* told(story: readonly { wait: number; command: Command }[]) {
  let state = g.given()
  for (const { wait, command } of story) {
    const before = frozen(at(state, new Date(state.now.getTime() + wait)))
    if (!isFresh(before, command)) continue
    const decision = decide(before, frozen(command), rules)
    expect(decide(before, command, rules)).toEqual(decision)
    const events = decision.ok ? decision.events : []
    state = events.reduce((current, event) => evolve(frozen(current), frozen(event)), before)
    yield { before, command, decision, events, after: state }
  }
}
