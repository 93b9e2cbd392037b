// An answer to an invite that was looked at outside of its organization's line: it holds as long as all that was seen stands.
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

async function look(id = invite.id, userId: string | null = 'ada'): Promise<InviteSnapshot> {
  const known = await storage.speculation?.findWithVersions(id, userId)
  if (!known) throw new Error('no such invite')
  return known
}

/** An acceptance that was decided on what was seen. */
function accept(known: InviteSnapshot, asked: { seats?: number; most?: number; until?: Date } = {}) {
  const accepted: InviteRecord = {
    ...invite,
    status: 'accepted',
    acceptedAt: noon,
    acceptedBy: 'ada',
    updatedAt: noon,
  } as never
  const guess = {
    query: {
      ...question(org, { members: true, seats: asked.seats ?? null }),
      now: storage.speculation?.now() ?? null,
    },
    atMost: { pending: 0, seats: asked.most ?? 0, createdToday: 0, sentToday: 0 },
    versions: known.versions,
    until: asked.until ?? null,
  }
  const all = { ended: [accepted], members: [member('ada')], events: [event(invite, 'invite.accepted')] }
  return storage.speculation?.commit(changes(org, 0, all), guess)
}

const standing = async () => (await storage.read(question(org, { ids: [invite.id] }))).invites[0]?.status

test('it tells whose invite it is, with its inviter and the user as members', async () => {
  await write(1, { members: [member('ada', { removed: true })] })
  const known = await look()
  expect(known.invite).toEqual(invite)
  expect(known.members.map(({ userId, role, removed }) => [userId, role, removed]).sort()).toEqual([
    ['ada', 'member', true],
    ['ann', 'admin', false],
  ])
  expect(await storage.speculation?.findWithVersions(inviteId(), 'ada')).toBeNull()
})

test('looks that come at once are each answered with their own invite', async () => {
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
  expect(seen.map(known => known?.invite ?? null)).toEqual([...others, null])
})

test('what was seen and stands is written', async () => {
  expect(await accept(await look())).toBe('committed')
  expect(await standing()).toBe('accepted')
})

test('others may be written to in between', async () => {
  const known = await look()
  await write(1, { made: [personal(org)], members: [member('zoe')] })
  expect(await accept(known)).toBe('committed')
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
])('nothing is written once %s', async (_, rows) => {
  const known = await look()
  await write(1, rows())
  const before = await standing()
  expect(await accept(known)).toBe('conflict')
  expect(await standing()).toBe(before)
})

test('a seat too many proves it wrong, one less does not', async () => {
  const known = await look()
  expect(await accept(known, { seats: 3, most: 0 })).toBe('conflict')
  expect(await accept(known, { seats: 3, most: 1 })).toBe('committed')
})

test('once it has expired nothing is written, and a moment before it is', async () => {
  const known = await look()
  const soon = (ms: number) => new Date(Date.now() + ms)
  expect(await accept(known, { until: soon(-1) })).toBe('conflict')
  expect(await accept(known, { until: soon(5000) })).toBe('committed')
})

test('a use of an open invite by this user proves it wrong, one by another changes the invite itself', async () => {
  const free = open(org, { maxUses: 5 })
  await write(1, { made: [free] })
  const before = await look(free.id)
  const use = (userId: string) => ({ inviteId: free.id, userId, at: noon })
  const answer = (known: InviteSnapshot, userId: string) => {
    const asked = question(org, { members: true, now: storage.speculation?.now() ?? null })
    const guess = {
      query: asked,
      atMost: { pending: 0, seats: 0, createdToday: 0, sentToday: 0 },
      versions: known.versions,
      until: null,
    }
    return storage.speculation?.commit(
      changes(org, 0, { changed: [{ ...free, useCount: 1 } as InviteRecord], uses: [use(userId)] }),
      guess,
    )
  }
  await write(2, { uses: [use('ada')] })
  expect(await answer(before, 'ada')).toBe('conflict')
  expect((await look(free.id)).uses).toEqual([use('ada')])
  const after = await look(free.id)
  expect(await answer(after, 'bob')).toBe('committed')
  expect(await answer(after, 'cyd')).toBe('conflict')
})
