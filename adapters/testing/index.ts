// `invitekit/testing`: invites for a host's own tests. It uses no timers and no network, its clock stands still, and every
// message is delivered before a call returns.
import {
  type Actor,
  createInvites,
  defaultRoles,
  type Invites,
  type InvitesOptions,
  type JsonObject,
  type RoleOf,
  type RoleRules,
} from '../../src/index.ts'
import { type MemoryTx, memoryStorage } from '../storage/memory/index.ts'
import { createClock, type TestClock } from './clock.ts'
import { type CapturedMessage, createMailbox, type Mailbox } from './mailbox.ts'

export { captureTransport } from './mailbox.ts'
export type { CapturedMessage, Mailbox, TestClock }

/** The options of `createInvites`, all of them optional. */
export type TestOptions<Tx, Roles extends RoleRules, Metadata, MetadataInput = unknown> = Partial<
  InvitesOptions<Tx, Roles, Metadata, boolean, MetadataInput>
>

export interface TestInvites<Role extends string, Tx, Metadata, MetadataInput = Metadata> {
  readonly invites: Invites<Role, Tx, Metadata, MetadataInput>
  readonly clock: TestClock
  readonly mailbox: Mailbox
  /** One actor for each role, such as `actor.admin`, all in the organization `acme`. `actor.user(email)` is an invitee. */
  readonly actor: { readonly [R in Role]: Actor } & { readonly user: (email: string, userId?: string) => Actor }
}

/**
 * Creates invites with memory storage, and what a test needs to drive them.
 *
 * ```ts
 * const { invites, clock, mailbox, actor } = await createTestInvites({ limits: { seats: 2 } })
 * await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor: actor.admin })
 * await invites.accept({ token: mailbox.last('ada@example.com').token }, { actor: actor.user('ada@example.com') })
 * clock.advance('8d')
 * await invites.relay.drain()   // sends what has fallen due meanwhile: reminders, expiry notices
 * ```
 */
export async function createTestInvites<
  Tx = MemoryTx,
  const Roles extends RoleRules = typeof defaultRoles,
  Metadata = JsonObject,
  MetadataInput = Metadata,
>(
  options: TestOptions<Tx, Roles, Metadata, MetadataInput> = {},
): Promise<TestInvites<RoleOf<Roles>, Tx, Metadata, MetadataInput>> {
  const clock = createClock(options.clock?.() ?? new Date('2026-01-01T12:00:00.000Z'))
  const mailbox = createMailbox()
  const invites = createInvites<Tx, Roles, Metadata, boolean, MetadataInput>({
    keys: ['00'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: { email: mailbox.transport('email'), sms: mailbox.transport('sms') },
    ...options,
    storage: options.storage ?? (memoryStorage() as unknown as InvitesOptions<Tx>['storage']),
    clock: clock.now,
    relay: { ...options.relay, inline: 'await' },
  })
  await invites.migrate()
  return { invites, clock, mailbox, actor: actorsOf(options.roles ?? defaultRoles) as never }
}

function actorsOf(roles: RoleRules) {
  const staff = Object.keys(roles).map(role => {
    const actor: Actor = {
      userId: `${role}-1`,
      organizationId: 'acme',
      role,
      email: `${role}@acme.example`,
      emailVerified: true,
    }
    return [role, actor]
  })
  const user = (email: string, userId = email): Actor => ({ userId, email, emailVerified: true })
  return { ...Object.fromEntries(staff), user }
}
