// What must not compile: each line below a `@ts-expect-error` is a mistake that the types catch. Checked by tsc.
import type { Database } from 'better-sqlite3'
import { createInvites, type InviteEvent, type Invites } from 'invitekit'
import { createClient } from 'invitekit/client'
import { expressRouter } from 'invitekit/express'
import { createHandler } from 'invitekit/http'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import { createTestInvites } from 'invitekit/testing'
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'

declare const pool: Pool
declare const client: PoolClient
declare const connection: Database
declare const actor: { userId: string; organizationId: string; role: string }

const start = { keys: ['00'.repeat(32)], publicUrl: 'https://app.example.com/invites' }
const roles = { boss: { grants: ['hand'] }, hand: {} } as const
const onPostgres = createInvites({ ...start, storage: postgresStorage({ pool }), roles })
const onSqlite = createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }) })
const recipient = { email: 'ada@example.com' }

export async function roleIsAUnion() {
  const { invite } = await onPostgres.create({ recipient, role: 'hand' }, { actor })
  const role: 'boss' | 'hand' = invite.role
  // @ts-expect-error there is no such role
  await onPostgres.create({ recipient, role: 'admin' }, { actor })
  // @ts-expect-error nor in a list
  await onPostgres.list({ role: 'viewer' }, { actor })
  // @ts-expect-error nor in an update
  await onPostgres.update({ id: invite.id, role: 'owner' }, { actor })
  await onSqlite.create({ recipient, role: 'viewer' }, { actor })
  return role
}

export async function aTransactionIsTheStoragesOwn() {
  await onPostgres.create({ recipient, role: 'hand' }, { actor, tx: client })
  await onSqlite.create({ recipient, role: 'member' }, { actor, tx: connection })
  // @ts-expect-error a SQLite connection is no Postgres client
  await onPostgres.create({ recipient, role: 'hand' }, { actor, tx: connection })
  // @ts-expect-error a pool is no transaction
  await onPostgres.create({ recipient, role: 'hand' }, { actor, tx: pool })
}

export async function anActorSaysWhetherItsEmailIsVerified() {
  await onSqlite.accept({ token: 't' }, { actor: { userId: 'u1', email: 'ada@example.com', emailVerified: true } })
  // @ts-expect-error an e-mail without emailVerified
  await onSqlite.accept({ token: 't' }, { actor: { userId: 'u1', email: 'ada@example.com' } })
  // @ts-expect-error no actor
  await onSqlite.create({ recipient, role: 'member' }, {})
  // @ts-expect-error the system names the organization
  await onSqlite.create({ recipient, role: 'member' }, { actor: 'system' })
  await onSqlite.create({ recipient, role: 'member' }, { actor: 'system', organizationId: 'acme' })
}

export function anOptionThatDoesNotExist() {
  // @ts-expect-error there is no such option
  createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }), expireIn: '7d' })
  // @ts-expect-error nor such a limit
  createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }), limits: { seat: 3 } })
  const storage = sqliteStorage({ database: ':memory:' })
  createInvites({ ...start, storage, reminders: [{ after: '3d' }, { before: 86_400_000 }], expiryNotices: { page: '/team' } })
  // @ts-expect-error a reminder says what it is counted from
  createInvites({ ...start, storage, reminders: ['3d'] })
  // @ts-expect-error and counts from one end
  createInvites({ ...start, storage, reminders: [{ after: '3d', before: '1d' }] })
  // @ts-expect-error nor may storage be missing
  createInvites({ ...start })
}

export async function oneSelectorOrAnother() {
  // @ts-expect-error an open invite has no recipient
  await onSqlite.create({ kind: 'open', recipient, role: 'member' }, { actor })
  // @ts-expect-error a personal invite has no maxUses
  await onSqlite.create({ recipient, role: 'member', maxUses: 3 }, { actor })
}

export async function aTemplateHasItsSections() {
  const content = { email: { subject: 'Hi', replyTo: ['a@b.example'] }, locales: { de: { sms: { body: 'Hallo' } } } }
  const { template } = await onSqlite.templates.create({ name: 'x', content }, { actor })
  await onPostgres.templates.create({ name: 'x', content }, { actor: 'system', tx: client })
  await onSqlite.create({ recipient, role: 'member', template: content, templateId: template.id }, { actor })
  // @ts-expect-error there is no such section
  await onSqlite.templates.create({ name: 'x', content: { mail: { subject: 'Hi' } } }, { actor })
  // @ts-expect-error nor such a field, on an invite either
  await onSqlite.create({ recipient, role: 'member', template: { email: { title: 'Hi' } } }, { actor })
  // @ts-expect-error languages have no languages
  await onSqlite.templates.create({ name: 'x', content: { locales: { de: { locales: {} } } } }, { actor })
  return template.content.email?.subject
}

const find = () => null
export function membersOnSqliteAreSynchronous() {
  const storage = sqliteStorage({ database: ':memory:' })
  const add = (member: { userId: string }, tx: Database) => tx.prepare('insert into members values (?)').run(member.userId)
  createInvites({ ...start, storage, members: { add, count: () => 0, find } })
  // @ts-expect-error an async function would outlive the transaction
  createInvites({ ...start, storage, members: { add: async () => {}, count: () => 0, find } })
  // @ts-expect-error the same when it only answers a question
  createInvites({ ...start, storage, members: { add, count: async () => 0, find } })
}

export function membersOnPostgresGetAClient() {
  const storage = postgresStorage({ pool })
  const count = async () => 0
  createInvites({ ...start, storage, members: { add: ({ userId }, tx) => tx.query('insert …', [userId]), count, find } })
  // @ts-expect-error the role of a new member is one of the host's
  createInvites({ ...start, storage, roles, members: { add: ({ role }) => role === 'admin', count, find } })
}

export async function metadataHasTheTypeOfItsSchema() {
  const metadata = z.object({ team: z.string() })
  const invites = createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }), metadata })
  const { invite } = await invites.create({ recipient, role: 'member', metadata: { team: 'red' } }, { actor })
  const team: string = invite.metadata.team
  // @ts-expect-error not as the schema has it
  await invites.create({ recipient, role: 'member', metadata: { team: 3 } }, { actor })
  return team
}

export async function metadataGoesInAsTheSchemaTakesItAndComesOutAsItAnswers() {
  const metadata = z.object({
    team: z.string(),
    seats: z.number().default(1),
    tags: z.string().transform(text => text.split(',')),
  })
  const invites = createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }), metadata })
  const { invite } = await invites.create({ recipient, role: 'member', metadata: { team: 'red', tags: 'a,b' } }, { actor })
  await invites.update({ id: invite.id, metadata: { team: 'red', tags: 'a', seats: 2 } }, { actor })
  const { metadata: read } = await invites.get({ id: invite.id }, { actor })
  const kept: { team: string; seats: number; tags: string[] } = read
  // @ts-expect-error as it comes out, not as it goes in
  await invites.create({ recipient, role: 'member', metadata: kept }, { actor })
  // @ts-expect-error without a default it may not be left out
  await invites.createMany({ invites: [{ recipient, metadata: { tags: 'a' } }], defaults: { role: 'member' } }, { actor })
  const { invites: tested, actor: people } = await createTestInvites({ metadata })
  await tested.create({ recipient, role: 'member', metadata: { team: 'red', tags: 'a' } }, { actor: people.admin })
  expressRouter(invites, { actor: () => null })
  createHandler(tested, { actor: () => null })
  return kept
}

/** A schema that says nothing of what it takes takes what it gives. */
export async function aSchemaWithoutTypes() {
  const validate = (value: unknown) => ({ value: value as { team: string } })
  const metadata = { '~standard': { version: 1, vendor: 'own', validate } } as const
  const invites = createInvites({ ...start, storage: sqliteStorage({ database: ':memory:' }), metadata })
  // @ts-expect-error not as the schema has it
  await invites.create({ recipient, role: 'member', metadata: { team: 3 } }, { actor })
}

export async function aFieldExistsOnlyInTheStatesThatHaveIt(invites: Invites) {
  const invite = await invites.get({ id: 'x' }, { actor })
  // @ts-expect-error perhaps it is not accepted
  invite.acceptedAt
  return invite.status === 'accepted' ? invite.acceptedAt : null
}

export function anEventHasWhatItsTypeSays() {
  onPostgres.on('invite.declined', ({ data }) => void data.invite.declineReason)
  onPostgres.on('invite.revoked', async event => {
    const type: 'invite.revoked' = event.type
    const role: 'boss' | 'hand' = event.data.invite.role
    return void [type, role, event.data.invite.revokedBy]
  })
  onPostgres.on('invite.accepted', ({ data: { invite } }) => void (invite.kind === 'personal' && invite.acceptedBy))
  // @ts-expect-error an open invite that somebody accepted waits for others
  onPostgres.on('invite.accepted', ({ data: { invite } }) => void invite.acceptedBy)
  // @ts-expect-error of any event nothing is known
  onPostgres.on('*', ({ data: { invite } }) => void invite.declineReason)
  // @ts-expect-error there is no such event
  onPostgres.on('invite.acepted', () => {})
  const any = (event: InviteEvent) => void event.id
  onPostgres.on('*', any)
  onPostgres.on('invite.created', any)
}

export async function testInvitesKnowTheirRoles() {
  const { actor: people, invites } = await createTestInvites({ roles })
  // @ts-expect-error there is no such role
  people.admin
  await invites.create({ recipient, role: 'hand' }, { actor: people.boss })
}

export async function theClientSendsWhatTheWireTakes() {
  const client = createClient({ baseUrl: '/invites' })
  await client.createMany({ invites: [{ recipient, role: 'member' }], defaults: { expiresIn: '2d' } })
  // @ts-expect-error private data is the server's to add
  await client.create({ recipient, role: 'member', extra: { seat: 4 } })
  // @ts-expect-error also in a bulk
  await client.createMany({ invites: [{ recipient, role: 'member', extra: { seat: 4 } }] })
  // @ts-expect-error and for all of it
  await client.createMany({ invites: [{ recipient }], defaults: { role: 'member', linkPattern: '{publicUrl}/i/{token}' } })
}
