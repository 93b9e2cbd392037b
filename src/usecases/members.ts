// The calls of `invites.members` on the built-in member table. With a members port only `list` works, through that port.

import { fail } from '../api/error.ts'
import type { MemberView } from '../api/results.ts'
import { emptyFactsQuery } from '../commit/facts-query.ts'
import { connectionFrom, withMembersTimeout } from '../commit/host-members.ts'
import type { Services } from '../commit/services.ts'
import { writeCursor } from '../domain/cursor.ts'
import { emailKeyFrom } from '../input/addresses.ts'
import type { CallContext } from '../input/caller.ts'
import { checked, integer, object, optional, text } from '../validation/validators.ts'
import { execute } from './execute.ts'
import { cursorFrom, pageOf, requireManager } from './queries.ts'

const listShape = object({ limit: optional(integer(1, 200), 50), cursor: optional(text(2000), undefined) })

export async function listMembers<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { organizationId, tx } = await requireManager(services, context)
  const { limit, cursor } = checked(listShape, input ?? {})
  const { storage, members, membersTimeoutMs, keys } = services.settings
  if (members !== null) {
    if (!members.list) throw fail('unavailable', {}, 'the members of this app cannot be listed: its port has no `list`')
    const ask = async (connection: Tx | undefined) => members.list?.({ organizationId, limit, cursor }, connection)
    return withMembersTimeout(membersTimeoutMs, () => connectionFrom(storage, tx)(ask))
  }
  const scope = ['members', organizationId]
  const after = cursor === undefined ? null : String(cursorFrom(keys, scope, cursor)[0])
  const rows = await storage.lists.members({ organizationId, limit: limit + 1, after }, tx)
  const { page, nextCursor } = pageOf(rows, limit, last => writeCursor(keys, scope, [last.userId]))
  return { data: page.map(({ userId, role, emailKey }): MemberView => ({ userId, role, email: emailKey })), nextCursor }
}

const userShape = { userId: text(255) }

export async function getMember<Tx>(
  services: Services<Tx>,
  input: unknown,
  context: CallContext<Tx>,
): Promise<MemberView | null> {
  const { organizationId, tx } = await ownMembersCaller(services, context)
  const { userId } = checked(object(userShape), input)
  const query = { ...emptyFactsQuery(organizationId, null), users: [userId], members: true }
  const [member] = (await services.settings.storage.read(query, tx)).members.filter(({ removed }) => !removed)
  return member ? { userId, role: member.role, email: member.emailKey } : null
}

const addShape = object({ ...userShape, role: text(64), email: optional(text(320), undefined) })
const setShape = object({ ...userShape, role: text(64) })
const removeShape = object(userShape)

export async function addMember<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await ownMembersCaller(services, context)
  const { userId, role, email } = checked(addShape, input)
  const emailKey = email === undefined ? null : emailKeyFrom(email)
  const { actor } = caller
  await execute(services, caller, { type: 'member.add', actor, userId, role, emailKey })
  return { member: { userId, role, email: emailKey } }
}

export async function setRole<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await ownMembersCaller(services, context)
  const { userId, role } = checked(setShape, input)
  await execute(services, caller, { type: 'member.setRole', actor: caller.actor, userId, role })
  return { member: { userId, role } }
}

export async function removeMember<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const caller = await ownMembersCaller(services, context)
  const { userId } = checked(removeShape, input)
  await execute(services, caller, { type: 'member.remove', actor: caller.actor, userId })
}

async function ownMembersCaller<Tx>(services: Services<Tx>, context: CallContext<Tx>) {
  if (services.settings.members !== null)
    throw new TypeError('invitekit: members are in your own table; `invites.members` writes only the built-in one.')
  return requireManager(services, context)
}
