// A speculative decision is the decision that a read would have led to.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CommitRequest, decideBatch } from '../../src/commit/decide-batch.ts'
import { factsQueryFor, toOrganizationState } from '../../src/commit/facts-query.ts'
import { assume } from '../../src/commit/speculation/assumptions.ts'
import type { Command } from '../../src/domain/command.ts'
import type { CheckedLimits } from '../../src/domain/limits.ts'
import type { InviteSnapshot } from '../../src/ports/storage/speculation.ts'
import * as ask from './ask.ts'
import * as g from './given.ts'

const addressHash = (address: string) => `hash of ${address}`
const context = { organizationId: 'acme', now: null, ownMembers: true, addressHash }

const rulesFor = (limits: CheckedLimits) => g.rules({ limits, addressHashOf: addressHash })

const requestOf = (commands: readonly Command[], limits: Partial<CheckedLimits>): CommitRequest => ({
  organizationId: 'acme',
  commands,
  limits: g.rules({ limits }).limits,
  tx: undefined,
})

/** So many new invites, each to an address of its own. */
const creates = (count: number) =>
  Array.from({ length: count }, (_, nth) =>
    ask.create({ id: g.idOf(100 + nth), recipient: g.to({ email: `p${nth}@example.com` }) }),
  )

const noSnapshot = (_: Command): InviteSnapshot | null => null

const assumedFor = (requests: readonly CommitRequest[], snapshotOf = noSnapshot) =>
  assume(requests, snapshotOf, factsQueryFor(requests, context), g.now)

const decidedOn = (requests: readonly CommitRequest[], ...facts: readonly Parameters<typeof toOrganizationState>[1][]) =>
  facts.map(each => decideBatch(toOrganizationState('acme', each), requests, rulesFor))

const limit = fc.option(fc.nat(6), { nil: null })
const limits = fc.record({ pending: limit, seats: limit, perInviterPerDay: limit, perRecipientPerDay: limit })

test('where the truth is no worse than the assumptions, both decide the same, and a refusal is never speculative', () => {
  let runs = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), limits), { minLength: 1, maxLength: 3 }), fc.nat(), (sizes, luck) => {
      const all = creates(6)
      const requests = sizes.map(([size, inForce], nth) => requestOf(all.slice(nth * 2, nth * 2 + size), inForce))
      const assumed = assumedFor(requests)
      if (assumed === null) return
      runs += 1
      const { atMost, query } = assumed.assumptions
      const upTo = (count: number) => luck % (count + 1)
      const dailyCounts = (keys: readonly string[], count: number) =>
        new Map(keys.map(key => [key, { count: upTo(count), oldest: g.yesterday }]))
      const truth = {
        ...assumed.facts,
        pending: upTo(atMost.pending),
        createdToday: dailyCounts(query.inviters, atMost.createdToday),
        sentToday: dailyCounts(query.addressHashes, atMost.sentToday),
      }
      const [onAssumed, onTruth] = decidedOn(requests, assumed.facts, truth)
      expect(onAssumed?.steps.map(({ event }) => event)).toEqual(onTruth?.steps.map(({ event }) => event))
      expect(onAssumed?.outcomes).toEqual(onTruth?.outcomes)
      for (const { results } of onAssumed?.outcomes ?? []) expect(results.every(({ decision }) => decision.ok)).toBe(true)
    }),
  )
  expect(runs).toBeGreaterThan(20)
})

test('the assumed counts leave room for the whole batch, and where there is none nothing is assumed', () => {
  expect(assumedFor([requestOf(creates(3), { pending: 3 })])?.assumptions.atMost.pending).toBe(0)
  expect(assumedFor([requestOf(creates(3), { pending: 2 })])).toBeNull()
  expect(
    assumedFor([requestOf(creates(1), { pending: 9 }), requestOf(creates(2), { pending: 4 })])?.assumptions.atMost.pending,
  ).toBe(1)
  expect(assumedFor([requestOf(creates(2), { perInviterPerDay: 1 })])).toBeNull()
})

test('without a snapshot only creates are speculative, and not where pending invites hold seats', () => {
  expect(assumedFor([requestOf([...creates(1), ask.resend()], {})])).toBeNull()
  expect(assumedFor([requestOf(creates(1), { seats: 9, pendingHoldsSeat: true })])).toBeNull()
})

test('a count that no limit needs is assumed to be 0', () => {
  expect(assumedFor([requestOf(creates(1), { seats: 0 })])?.assumptions.atMost).toEqual({
    pending: 0,
    seats: 0,
    createdToday: 0,
    sentToday: 0,
  })
})

test('a bulk is many invites of one inviter, and one message to each of its addresses', () => {
  expect(assumedFor([requestOf(creates(5), { perRecipientPerDay: 1 })])?.assumptions.atMost.sentToday).toBe(0)
  const twice = [...creates(1), ask.create({ id: g.idOf(200), recipient: g.to({ email: 'p0@example.com' }) })]
  expect(assumedFor([requestOf(twice, { perRecipientPerDay: 1 })])).toBeNull()
})

test('where the snapshot is still true, an acceptance is decided as after a read, and never beyond the seats', () => {
  const role = fc.constantFrom('owner', 'admin', 'viewer', null)
  let runs = 0
  fc.assert(
    fc.property(fc.nat(3), role, fc.boolean(), fc.nat(3), (seats, inviterRole, isMember, counted) => {
      const members = [
        ...(inviterRole === null ? [] : [g.memberFact('adam', { role: inviterRole })]),
        ...(isMember ? [g.memberFact('ada')] : []),
      ]
      const snapshot: InviteSnapshot = {
        invite: g.invite({ inviterId: 'adam', inviterRole: 'admin' }),
        uses: [],
        members,
        versions: [{ of: 'invite', id: g.idOf(1), version: '7' }],
      }
      const request = requestOf([ask.accept()], { seats })
      const assumed = assumedFor([request], () => snapshot)
      expect(assumed === null).toBe(seats === 0)
      if (assumed === null) return
      runs += 1
      const { atMost, versions } = assumed.assumptions
      expect(versions).toEqual(snapshot.versions)
      const truth = { ...assumed.facts, seats: counted % (atMost.seats + 1) }
      const [onAssumed, onTruth] = decidedOn([request], assumed.facts, truth)
      expect(onAssumed?.outcomes).toEqual(onTruth?.outcomes)
      expect(atMost.seats + 1).toBeLessThanOrEqual(seats)
    }),
  )
  expect(runs).toBeGreaterThan(20)
})

test('it holds until the first of the invites expires that are still live', () => {
  const untilOf = (...expiries: readonly (Date | null)[]) => {
    const requests = expiries.map(() => requestOf([ask.accept()], {}))
    const snapshots = new Map(
      requests.map(({ commands: [command] }, nth) => {
        const invite = g.invite({ id: g.idOf(nth + 1), expiresAt: expiries[nth] ?? null })
        return [command, { invite, uses: [], members: [], versions: [] }]
      }),
    )
    return assumedFor(requests, command => snapshots.get(command) ?? null)?.assumptions.until
  }
  const [soon, later] = [1, 2].map(hours => new Date(g.now.getTime() + hours * 3_600_000))
  expect(untilOf(later ?? null, soon ?? null, g.yesterday, null)).toEqual(soon)
  expect(untilOf(g.yesterday)).toBeNull()
  expect(untilOf(null)).toBeNull()
})
