// A page that was shown is no promise: whatever another process changed before the answer decides over it.
import { type Actor, createInvites, isInviteError } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { factsQueryFor } from '../src/commit/facts-query.ts'
import { createPreviewCache } from '../src/commit/speculation/preview-cache.ts'
import { createSpeculativeCommit } from '../src/commit/speculation/speculation.ts'
import { unlimited } from '../src/options/numbers.ts'
import { byEmail, day, inviteId, organization, personal } from './support/make.ts'
import { type Database, freshDatabase } from './support/postgres.ts'

let database: Database
/** Two processes of one app: one shows the page and takes the answer, the other is everybody else. */
let here: ReturnType<typeof open>
let elsewhere: ReturnType<typeof open>
const open = () =>
  createInvites({
    storage: postgresStorage({ pool: database.pool }),
    keys: ['22'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    limits: { seats: 3 },
  })

beforeAll(async () => {
  database = await freshDatabase()
  here = open()
  elsewhere = open()
  await here.migrate()
})
afterAll(() => database.drop())

const ada: Actor = { userId: 'ada', email: 'ada@example.com', emailVerified: true }
let system: { actor: 'system'; organizationId: string }
let id: string
let token: string
beforeEach(async () => {
  const organizationId = organization()
  system = { actor: 'system', organizationId }
  await elsewhere.members.add({ userId: 'olga', role: 'owner' }, system)
  const olga = { userId: 'olga', role: 'owner', organizationId } as const
  const { invite, link } = await elsewhere.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor: olga })
  id = invite.id
  token = link?.split('/').at(-1) ?? ''
  await here.preview({ token })
})

/** The code of what was refused, or the role that was given. */
const answer = () =>
  here.accept({ token }, { actor: ada }).then(
    ({ invite }) => invite.role,
    (error: unknown): string => {
      if (!isInviteError(error)) throw error
      return error.code
    },
  )

const join = (userId: string) => elsewhere.members.add({ userId, role: 'member' }, system)

const changes: readonly [what: string, change: () => Promise<unknown>, becomes: string][] = [
  ['nothing', async () => {}, 'member'],
  ['the invite was revoked', () => elsewhere.revoke({ id }, system), 'invite_revoked'],
  ['it was sent again, with a new link', () => elsewhere.resend({ id, rotate: true }, system), 'invite_not_found'],
  ['it is for another role', () => elsewhere.update({ id, role: 'admin' }, system), 'admin'],
  ['it was erased', () => elsewhere.erase({ id }, system), 'invite_revoked'],
  ['it was declined', () => elsewhere.decline({ token }, { actor: ada }), 'invite_declined'],
  ['its inviter left', () => elsewhere.members.remove({ userId: 'olga' }, system), 'inviter_unauthorized'],
  ['the user is a member by now', () => join('ada'), 'already_member'],
  ['the last seat is taken', () => Promise.all(['bea', 'cem'].map(join)), 'seat_limit_reached'],
]

test.each(changes)('shown, and then %s', async (_, change, becomes) => {
  await change()
  expect(await answer()).toBe(becomes)
})

test('accepting twice after one page is one acceptance', async () => {
  expect(await Promise.all([answer(), answer()])).toEqual(['member', 'member'])
  expect((await here.members.list({}, system)).data.map(({ userId }) => userId).sort()).toEqual(['ada', 'olga'])
})

test('the inviter accepts no invite of their own by having seen it', async () => {
  const actor: Actor = { ...ada, userId: 'olga' }
  await expect(here.accept({ token }, { actor })).rejects.toMatchObject({ code: 'already_member' })
})

const known = (id = inviteId()) => ({
  invite: personal('acme', { id, inviterId: 'olga', recipient: byEmail() }),
  uses: [],
  members: [],
  versions: [],
})

test('a thousand are remembered, for ten minutes, and each for one answer', () => {
  let now = 0
  const previewed = createPreviewCache(() => now)
  const all = Array.from({ length: 1001 }, () => known())
  const [first, second, third] = all.map(({ invite }) => invite.id)
  if (!first || !second || !third) throw new Error('none')
  for (const each of all) previewed.put(each)
  expect(previewed.take(first, null)).toBeNull()
  expect(previewed.take(second, null)).toBe(all[1])
  expect(previewed.take(second, null)).toBeNull()
  now = day
  expect(previewed.take(third, null)).toBeNull()
})

test('a link for many is looked at for each of them', () => {
  const previewed = createPreviewCache()
  const { invite, ...rest } = known()
  previewed.put({ ...rest, invite: { ...invite, kind: 'open' } as never })
  expect(previewed.take(invite.id, null)).toBeNull()
})

test('a snapshot is used by one commit, and there is one for each user of a link for many', async () => {
  const { invite, ...rest } = known()
  const snapshot = { ...rest, invite: { ...invite, kind: 'open' } }
  const storage = {
    speculation: { now: () => new Date(0), findWithVersions: async () => snapshot, commit: async () => 'committed' },
  }
  const speculation = createSpeculativeCommit({ storage, clock: undefined, members: null } as never)
  const acceptBy = (userId: string) => {
    const actor = { userId, role: null, name: null, email: null, phone: null }
    const command = { type: 'accept', id: invite.id, actor, proof: { by: 'id' }, role: null } as const
    return { organizationId: 'acme', commands: [command], limits: unlimited, tx: undefined }
  }
  const assume = (...users: readonly string[]) => {
    const requests = users.map(acceptBy)
    const query = factsQueryFor(requests, { organizationId: 'acme', now: null, ownMembers: true, addressHash: String })
    return speculation.assume(requests, query, new Date(0))
  }
  for (const userId of ['ada', 'bea', 'cem']) {
    expect(speculation.isPossible(acceptBy(userId))).toBe(false)
    expect(await speculation.lookUpInvite(invite.id, { tx: undefined, userId })).toMatchObject({ organizationId: 'acme' })
    expect(speculation.isPossible(acceptBy(userId))).toBe(true)
  }
  expect(assume('ada', 'bea')?.facts.invites).toHaveLength(2)
  expect(assume('ada')).toBeNull()
  expect(assume('cem', 'ada')).toBeNull()
})

test('where the storage has no speculation, a look-up answers the organization, and everything is read first', async () => {
  const { id } = known().invite
  const storage = { find: async () => ({ id, organizationId: 'acme' }) }
  const speculation = createSpeculativeCommit({ storage, clock: undefined, members: null } as never)
  expect(await speculation.lookUpInvite(id, { tx: undefined })).toEqual({ organizationId: 'acme', invite: null })
  expect(speculation.now()).toBeNull()
  expect(speculation.isPossible({ commands: [], limits: unlimited })).toBe(false)
})
