// The host's own member table, asked for what a decision needs: after the revision was read, so that a change of it
// in between is seen as a conflict.

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

interface Asking<Tx> {
  readonly seats: boolean
  readonly useConnection: UseConnection<Tx>
  /** For each function, in milliseconds. */
  readonly timeoutMs: number
}

/** The state with the members that the host's port knows; what it has never heard of is somebody who left. */
export async function withHostMembers<Tx>(
  state: OrganizationState,
  commands: readonly Command[],
  port: MembersPort<string, Tx>,
  { seats, useConnection, timeoutMs }: Asking<Tx>,
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
    const snapshot = members.get(userId)
    // One user at two addresses is found by either.
    const isOther = differs(query.email, snapshot?.emailKey) || differs(query.phone, snapshot?.phoneKey)
    members.set(isOther ? `${userId}\n${index}` : userId, {
      userId,
      role: member?.role ?? '',
      emailKey: (query.email ?? snapshot?.emailKey ?? null) as MemberFact['emailKey'],
      phoneKey: (query.phone ?? snapshot?.phoneKey ?? null) as MemberFact['phoneKey'],
      removed: member === null,
    })
  })
  return { ...state, members, seats: count }
}

const differs = (asked: string | undefined, snapshot: string | null | undefined): boolean =>
  asked !== undefined && snapshot !== null && snapshot !== undefined && asked !== snapshot

type Asked = Omit<MemberQuery, 'organizationId'>

function queriesOf(state: OrganizationState, command: Command): Asked[] {
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

/** A host's `rows[0]` that is not there is nobody, not a member without a role. */
async function findAll<Tx>(port: MembersPort<string, Tx>, queries: readonly MemberQuery[], tx: Tx | undefined) {
  const many = port.findMany && queries.length > 1
  const found = await (many ? port.findMany?.(queries, tx) : Promise.all(queries.map(query => port.find(query, tx))))
  return queries.map((_, index) => memberFrom(found?.[index]))
}

// Rows of a driver are of any type, and a wrong one would let everybody in, or nobody.

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

/** Names the keys that came, and none of their values. */
function wrongAnswer(name: string, right: string, answer: unknown): TypeError {
  const came = answer instanceof Object ? `{ ${Object.keys(answer).join(', ')} }` : `${typeof answer} ${String(answer)}`
  return new TypeError(`invitekit: \`members.${name}\` must answer ${right}, and answered ${came}`)
}

/** Runs a members function with what it may ask: the transaction joined, SQLite's connection, or nothing. */
export type UseConnection<Tx> = <T>(work: (tx: Tx | undefined) => Promise<T>) => Promise<T>

export const connectionFrom =
  <Tx>(storage: Pick<Storage<Tx>, 'useConnection'>, tx: Tx | undefined): UseConnection<Tx> =>
  work =>
    tx === undefined && storage.useConnection ? storage.useConnection(work) : work(tx)

/** A port that waits for a connection of the pool that its own transaction holds would wait for ever. */
export const withMembersTimeout = <T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> =>
  orUnavailable(
    timeoutMs,
    `a members function did not answer in ${timeoutMs / 1000} s (\`members.timeout\`): use the \`tx\` that it was given`,
    ask,
  )

/** Where members are the host's, an acceptance is committed by itself: there is one among the steps, or none. */
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
