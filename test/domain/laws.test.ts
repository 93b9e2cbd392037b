// Laws that hold after any sequence of commands, whoever gives them and however the clock moves.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/domain/decide/index.ts'
import * as g from './given.ts'
import { command, livesOf, rules, steps, told } from './story.ts'

const holds = (law: (moment: ReturnType<typeof told> extends Generator<infer M> ? M : never) => void) =>
  fc.assert(
    fc.property(steps, story => {
      for (const moment of told(story)) law(moment)
    }),
    { numRuns: 300 },
  )

describe('after any sequence of commands', () => {
  test('the count of pending invites is the number of live ones, and within its limit', () => {
    holds(({ after }) => {
      expect(after.pending).toBe(livesOf(after, after.now).length)
      expect(after.pending).toBeLessThanOrEqual(3)
    })
  })

  test('the count of seats is the number of members, and within its limit', () => {
    holds(({ after }) => {
      expect(after.seats).toBe([...after.members.values()].filter(member => !member.removed).length)
      expect(after.seats).toBeLessThanOrEqual(3)
    })
  })

  test('one invite at most is stored as pending at each e-mail and at each phone', () => {
    holds(({ after }) => {
      const keys = [...after.invites.values()].flatMap(invite =>
        invite.kind === 'personal' && invite.status === 'pending' ? [invite.recipient.emailKey, invite.recipient.phoneKey] : [],
      )
      const held = keys.filter(key => key !== null)
      expect(new Set(held).size).toBe(held.length)
    })
  })

  test("uses never exceed maxUses, and each is one person's; a personal invite makes one member at most", () => {
    holds(({ after }) => {
      for (const invite of after.invites.values()) {
        const uses = [...after.uses.values()].filter(use => use.inviteId === invite.id)
        expect(invite.useCount).toBeLessThanOrEqual(invite.kind === 'open' ? (invite.maxUses ?? 3 * 60) : 1)
        if (invite.kind === 'open') expect(uses).toHaveLength(invite.useCount)
      }
    })
  })

  test('every acceptance is one member that was none before, with the role of the invite', () => {
    holds(({ before, events, after }) => {
      for (const event of events) {
        if (event.type !== 'invite.accepted') continue
        expect(before.members.get(event.userId)?.removed ?? true).toBe(true)
        expect(after.members.get(event.userId)?.role).toBe(before.invites.get(event.inviteId)?.role)
        expect(events).toHaveLength(1)
      }
    })
  })

  test('only what is pending or expired changes its status, and an end is an end', () => {
    const ends = ['accepted', 'declined', 'revoked']
    holds(({ before, after }) => {
      for (const invite of before.invites.values()) {
        if (ends.includes(invite.status)) expect(after.invites.get(invite.id)?.status).toBe(invite.status)
      }
    })
  })

  test('a decision says one thing of an invite, or two that belong together', () => {
    const pairs = [
      'invite.expired invite.resent',
      'invite.updated invite.resent',
      'invite.revoked invite.erased',
      'invite.expired notice.due',
    ]
    holds(({ events }) => {
      const byInvite = new Map<string, string[]>()
      for (const event of events) {
        if ('inviteId' in event) byInvite.set(event.inviteId, [...(byInvite.get(event.inviteId) ?? []), event.type])
      }
      for (const types of byInvite.values()) if (types.length > 1) expect(pairs).toContain(types.join(' '))
    })
  })

  test('a reminder is planned of a personal invite that waits and was sent, after the send and before the expiry', () => {
    holds(({ after }) => {
      for (const { kind, status, sentAt, expiresAt, remindAt } of after.invites.values()) {
        if (remindAt === null) continue
        expect([kind, status]).toEqual(['personal', 'pending'])
        expect(remindAt.getTime()).toBeGreaterThan(sentAt?.getTime() ?? Number.POSITIVE_INFINITY)
        expect(remindAt.getTime()).toBeLessThan(expiresAt?.getTime() ?? Number.POSITIVE_INFINITY)
      }
    })
  })

  test('a reminder is due when its time has come, while the invite waits, and then not until the next one is', () => {
    holds(({ before, events, after }) => {
      for (const event of events) {
        if (event.type !== 'reminder.due') continue
        const [then, now] = [before.invites.get(event.inviteId), after.invites.get(event.inviteId)]
        expect(livesOf(before, before.now)).toContain(then)
        expect(then?.remindAt?.getTime()).toBeLessThanOrEqual(before.now.getTime())
        expect(now?.remindAt?.getTime() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(before.now.getTime())
        expect(now).toEqual({ ...then, remindAt: now?.remindAt })
      }
    })
  })

  test('an inviter hears once of each expiry of their invite, from the sweeper', () => {
    holds(({ command, events, before }) => {
      const notices = events.filter(event => event.type === 'notice.due')
      const expiries = events.filter(event => event.type === 'invite.expired')
      const told = before.invites.get(command.type === 'expire' ? command.id : g.idOf(0))
      const isTold = told?.kind === 'personal' && told.inviterId !== null && !before.members.get(told.inviterId)?.removed
      expect(notices).toHaveLength(command.type === 'expire' && isTold ? expiries.length : 0)
    })
  })

  test('nobody made or was sent more in a day than the caps allow', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), commands => {
        for (const { after } of told(commands.map(one => ({ wait: 0, command: one })))) {
          for (const { count } of after.createdToday.values()) expect(count).toBeLessThanOrEqual(9)
          for (const { count } of after.sentToday.values()) expect(count).toBeLessThanOrEqual(7)
        }
      }),
    )
  })

  test('a repeated command of the same person is a success that writes nothing, or is refused', () => {
    const repeatable = [
      'accept',
      'decline',
      'open',
      'revoke',
      'update',
      'erase',
      'expire',
      'remind',
      'member.setRole',
      'member.remove',
    ]
    holds(({ command, decision, after }) => {
      if (!decision.ok || !repeatable.includes(command.type)) return
      const again = decide(after, command, rules)
      expect(again.ok ? again.events : []).toEqual([])
      if (['accept', 'decline', 'open', 'revoke', 'erase'].includes(command.type)) expect(again.ok).toBe(true)
    })
  })
})

test('stories reach every command, accepted and refused', () => {
  const seen = new Set<string>()
  for (const story of fc.sample(steps, { numRuns: 1000, seed: 1 })) {
    for (const { command, decision } of told(story)) seen.add(`${command.type} ${decision.ok}`)
  }
  const types = [
    'create',
    'accept',
    'decline',
    'open',
    'renew',
    'resend',
    'revoke',
    'update',
    'erase',
    'member.add',
    'member.setRole',
    'member.remove',
  ]
  expect([...seen].sort()).toEqual(
    [...types.flatMap(type => [`${type} false`, `${type} true`]), 'expire true', 'remind true'].sort(),
  )
})
