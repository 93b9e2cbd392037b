// Accepting an invite that was found with its row versions: the commit succeeds as long as none of these rows has changed.
import type { InviteRecord, InviteSnapshot } from 'invitekit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import {
  byEmail,
  changes,
  emailKey,
  event,
  inviteId,
  member,
  noon,
  open,
  organization,
  personal,
  question,
} from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
let storage: ReturnType<typeof over>
const over = ({ pool }: Database) => postgresStorage({ pool })
beforeAll(async () => {
  database = await freshDatabase()
  storage = over(database)
  await storage.migrate()
})
afterAll(() => database.drop())

let org: string
let invite: InviteRecord
beforeEach(async () => {
  org = organization()
  invite = personal(org, { inviterId: 'ann', recipient: byEmail(emailKey('ada@example.com')) })
  await write(0, { made: [invite], members: [member('ann', { role: 'admin' })] })
})

const write = async (revision: number, rows: Parameters<typeof changes>[2]) => {
  expect(await storage.commit(changes(org, revision, rows))).toBe('committed')
}

async function find(id = invite.id, userId: string | null = 'ada'): Promise<InviteSnapshot> {
  const snapshot = await storage.speculation?.findWithVersions(id, userId)
  if (!snapshot) throw new Error('no such invite')
  return snapshot
}

/** An acceptance that was decided on the snapshot. */
function accept(snapshot: InviteSnapshot, limits: { seats?: number; maxSeats?: number; until?: Date } = {}) {
  const accepted: InviteRecord = {
    ...invite,
    status: 'accepted',
    acceptedAt: noon,
    acceptedBy: 'ada',
    updatedAt: noon,
  } as never
  const assumptions = {
    query: {
      ...question(org, { members: true, seats: limits.seats ?? null }),
      now: storage.speculation?.now() ?? null,
    },
    atMost: { pending: 0, seats: limits.maxSeats ?? 0, createdToday: 0, sentToday: 0 },
    versions: snapshot.versions,
    until: limits.until ?? null,
  }
  const all = { ended: [accepted], members: [member('ada')], events: [event(invite, 'invite.accepted')] }
  return storage.speculation?.commit(changes(org, 0, all), assumptions)
}

const storedStatus = async () => (await storage.read(question(org, { ids: [invite.id] }))).invites[0]?.status

test('an invite is found with its inviter and the user as members', async () => {
  await write(1, { members: [member('ada', { removed: true })] })
  const snapshot = await find()
  expect(snapshot.invite).toEqual(invite)
  expect(snapshot.members.map(({ userId, role, removed }) => [userId, role, removed]).sort()).toEqual([
    ['ada', 'member', true],
    ['ann', 'admin', false],
  ])
  expect(await storage.speculation?.findWithVersions(inviteId(), 'ada')).toBeNull()
})

test('concurrent lookups each get their own invite', async () => {
  const others = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const one = personal(organization())
      await storage.commit(changes(one.organizationId, 0, { made: [one] }))
      return one
    }),
  )
  const seen = await Promise.all(
    [...others, null].map(one => storage.speculation?.findWithVersions(one?.id ?? inviteId(), null)),
  )
  expect(seen.map(snapshot => snapshot?.invite ?? null)).toEqual([...others, null])
})

test('an acceptance is committed while nothing has changed', async () => {
  expect(await accept(await find())).toBe('committed')
  expect(await storedStatus()).toBe('accepted')
})

test('changes to other invites and members do not matter', async () => {
  const snapshot = await find()
  await write(1, { made: [personal(org)], members: [member('zoe')] })
  expect(await accept(snapshot)).toBe('committed')
})

test.each<[string, () => Parameters<typeof changes>[2]]>([
  ['the invite was changed, and every value of it changed back', () => ({ changed: [invite] })],
  [
    'it was revoked',
    () => ({ ended: [{ ...invite, status: 'revoked', revokedAt: noon, revokedBy: null, revokeReason: null } as never] }),
  ],
  ['its inviter has another role', () => ({ members: [member('ann', { role: 'viewer' })] })],
  ['its inviter was removed', () => ({ members: [member('ann', { removed: true })] })],
  ['the user has become a member', () => ({ members: [member('ada')] })],
])('nothing is written when %s', async (_, rows) => {
  const snapshot = await find()
  await write(1, rows())
  const before = await storedStatus()
  expect(await accept(snapshot)).toBe('conflict')
  expect(await storedStatus()).toBe(before)
})

test('one seat too many is a conflict, one less is not', async () => {
  const snapshot = await find()
  expect(await accept(snapshot, { seats: 3, maxSeats: 0 })).toBe('conflict')
  expect(await accept(snapshot, { seats: 3, maxSeats: 1 })).toBe('committed')
})

test('nothing is written after it has expired', async () => {
  const snapshot = await find()
  const soon = (ms: number) => new Date(Date.now() + ms)
  expect(await accept(snapshot, { until: soon(-1) })).toBe('conflict')
  expect(await accept(snapshot, { until: soon(5000) })).toBe('committed')
})

test('a use of an open invite by this user is a conflict', async () => {
  const free = open(org, { maxUses: 5 })
  await write(1, { made: [free] })
  const before = await find(free.id)
  const use = (userId: string) => ({ inviteId: free.id, userId, at: noon })
  const answer = (snapshot: InviteSnapshot, userId: string) => {
    const query = question(org, { members: true, now: storage.speculation?.now() ?? null })
    const assumptions = {
      query,
      atMost: { pending: 0, seats: 0, createdToday: 0, sentToday: 0 },
      versions: snapshot.versions,
      until: null,
    }
    return storage.speculation?.commit(
      changes(org, 0, { changed: [{ ...free, useCount: 1 } as InviteRecord], uses: [use(userId)] }),
      assumptions,
    )
  }
  await write(2, { uses: [use('ada')] })
  expect(await answer(before, 'ada')).toBe('conflict')
  expect((await find(free.id)).uses).toEqual([use('ada')])
  const after = await find(free.id)
  expect(await answer(after, 'bob')).toBe('committed')
  expect(await answer(after, 'cyd')).toBe('conflict')
})
