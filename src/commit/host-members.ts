// Reads the host's own member table for a decision, and adds to it before the commit. It is read after the revision, so that
// a commit between the two is noticed as a conflict.

import { isThenable, orUnavailable } from '../concurrency/timeout.ts'
import { idOf } from '../domain/actor.ts'
import type { Command } from '../domain/command.ts'
import type { DomainEvent } from '../domain/event.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { MemberFact, OrganizationState } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { FoundMember, MemberQuery, MembersPort } from '../ports/members.ts'
import type { CommitOptions, Storage } from '../ports/storage/storage.ts'
import { toInvite } from '../views/invite.ts'
import type { Step } from './decide-batch.ts'

interface ReadOptions<Tx> {
  /** Whether the members are counted. */
  readonly seats: boolean
  readonly useConnection: UseConnection<Tx>
  /** For each function, in milliseconds. */
  readonly timeoutMs: number
}

/** The state with the members that the host's port finds; a user whom it does not find is a removed member. */
export async function withHostMembers<Tx>(
  state: OrganizationState,
  commands: readonly Command[],
  port: MembersPort<string, Tx>,
  { seats, useConnection, timeoutMs }: ReadOptions<Tx>,
): Promise<OrganizationState> {
  const { organizationId } = state
  const queries = commands.flatMap(command => queriesOf(state, command)).map(query => ({ ...query, organizationId }))
  const found =
    queries.length === 0 ? [] : await withMembersTimeout(timeoutMs, () => useConnection(tx => findAll(port, queries, tx)))
  const count = seats
    ? countFrom(await withMembersTimeout(timeoutMs, () => useConnection(async tx => port.count(organizationId, tx))))
    : 0
  const members = new Map<string, MemberFact>()
  found.forEach((member, index) => {
    const query = queries[index]
    if (query === undefined) return
    const userId = member?.userId ?? query.userId
    if (userId === undefined || (member === null && members.has(userId))) return
    const earlier = members.get(userId)
    // One user found by two addresses has a row for each.
    const isOther = differs(query.email, earlier?.emailKey) || differs(query.phone, earlier?.phoneKey)
    members.set(isOther ? `${userId}\n${index}` : userId, {
      userId,
      role: member?.role ?? '',
      emailKey: (query.email ?? earlier?.emailKey ?? null) as MemberFact['emailKey'],
      phoneKey: (query.phone ?? earlier?.phoneKey ?? null) as MemberFact['phoneKey'],
      removed: member === null,
    })
  })
  return { ...state, members, seats: count }
}

const differs = (asked: string | undefined, found: string | null | undefined): boolean =>
  asked !== undefined && found !== null && found !== undefined && asked !== found

function queriesOf(state: OrganizationState, command: Command): Omit<MemberQuery, 'organizationId'>[] {
  if (command.type === 'create') {
    const { emailKey, phoneKey } = command.recipient ?? { emailKey: null, phoneKey: null }
    return [...(emailKey === null ? [] : [{ email: emailKey }]), ...(phoneKey === null ? [] : [{ phone: phoneKey }])]
  }
  if (command.type !== 'accept' && command.type !== 'expire') return []
  const inviterId = inviterOf(state.invites.get(command.id))
  if (command.type === 'expire') return inviterId === null ? [] : [{ userId: inviterId }]
  const userId = idOf(command.actor)
  return [...(userId === null ? [] : [{ userId }]), ...(inviterId === null ? [] : [{ userId: inviterId }])]
}

const inviterOf = (invite: InviteRecord | undefined) => invite?.inviterId ?? null

/** A missing `rows[0]` of the host's is read as no member. */
async function findAll<Tx>(port: MembersPort<string, Tx>, queries: readonly MemberQuery[], tx: Tx | undefined) {
  const many = port.findMany && queries.length > 1
  const found = await (many ? port.findMany?.(queries, tx) : Promise.all(queries.map(query => port.find(query, tx))))
  return queries.map((_, index) => memberFrom(found?.[index]))
}

// A driver's rows have any type: a `count` that is a text, say, would pass every limit or none. So both answers are checked.

function countFrom(answer: unknown): number {
  if (Number.isInteger(answer) && Number(answer) >= 0) return Number(answer)
  throw wrongAnswer('count', 'a whole number (in Postgres `count(*)::int`)', answer)
}

function memberFrom(answer: unknown): FoundMember | null {
  if (answer === null || answer === undefined) return null
  const { userId, role } = answer as Partial<FoundMember>
  if (typeof userId === 'string' && typeof role === 'string') return { userId, role }
  throw wrongAnswer('find', '{ userId, role }, both texts, or null', answer)
}

/** Names the keys of the answer, never its values, which may be personal. */
function wrongAnswer(name: string, right: string, answer: unknown): TypeError {
  const came = answer instanceof Object ? `{ ${Object.keys(answer).join(', ')} }` : `${typeof answer} ${String(answer)}`
  return new TypeError(`invitekit: \`members.${name}\` must answer ${right}, and answered ${came}`)
}

/** Runs a members function with the transaction that was joined, with SQLite's one connection, or with neither. */
export type UseConnection<Tx> = <T>(work: (tx: Tx | undefined) => Promise<T>) => Promise<T>

export const connectionFrom =
  <Tx>(storage: Pick<Storage<Tx>, 'useConnection'>, tx: Tx | undefined): UseConnection<Tx> =>
  work =>
    tx === undefined && storage.useConnection ? storage.useConnection(work) : work(tx)

/** A members function that ignores its `tx` may wait for a pool connection that its own transaction holds: a deadlock. */
export const withMembersTimeout = <T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> =>
  orUnavailable(
    timeoutMs,
    `a members function did not answer in ${timeoutMs / 1000} s (\`members.timeout\`): use the \`tx\` that it was given`,
    ask,
  )

/** Calls the host's `members.add` for an acceptance. With a host's members port it is committed alone: there is at most one. */
export function addMemberBeforeCommit<Tx>(
  { members, membersTimeoutMs }: Pick<Settings<Tx>, 'members' | 'membersTimeoutMs'>,
  steps: readonly Step[],
): CommitOptions<Tx>['beforeCommit'] {
  const step = steps.find(isAcceptance)
  const record = step?.after.invites.get(step.event.inviteId)
  if (members === null || step === undefined || record === undefined) return undefined
  const { userId, at } = step.event
  const { organizationId, role, extra } = record
  return tx => {
    const added = members.add({ organizationId, userId, role, invite: toInvite(record, at), extra }, tx)
    return isThenable(added) ? withMembersTimeout(membersTimeoutMs, async () => void (await added)) : undefined
  }
}

type Acceptance = Step & { readonly event: Extract<DomainEvent, { type: 'invite.accepted' }> }

const isAcceptance = (step: Step): step is Acceptance => step.event.type === 'invite.accepted'
