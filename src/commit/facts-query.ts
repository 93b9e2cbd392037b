// The facts that commands are decided on: the query for them, the state made from the answer, and invites read by id.

import { fail } from '../api/error.ts'
import { idOf } from '../domain/actor.ts'
import type { Command, Create } from '../domain/command.ts'
import { type InviteId, type InviteRecord, toInviteId } from '../domain/invite.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { type OrganizationState, useKey } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { Facts, FactsQuery } from '../ports/storage/facts.ts'
import type { InviteRef } from '../ports/storage/lists.ts'
import type { CommitRequest } from './decide-batch.ts'

type FactsRequest = Pick<CommitRequest, 'commands' | 'limits' | 'idempotency'>

interface QueryContext {
  readonly organizationId: string
  /** Null: the storage's own clock. */
  readonly now: Date | null
  /** False when members are in the host's own table. */
  readonly ownMembers: boolean
  readonly addressHash: (address: string) => string
}

const isPresent = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined

export function factsQueryFor(requests: readonly FactsRequest[], context: QueryContext): FactsQuery {
  const commands = requests.flatMap(request => request.commands)
  const recipients = commands.flatMap(command => (command.type === 'create' ? [command.recipient] : [])).filter(isPresent)
  const emails = recipients.map(recipient => recipient.emailKey)
  const phones = recipients.map(recipient => recipient.phoneKey)
  const erased = commands.flatMap(command => ('address' in command ? [command.address] : [])).filter(isPresent)
  const added = commands.flatMap(command => (command.type === 'member.add' ? [command.emailKey] : []))
  const creations = commands.filter(command => command.type === 'create' || command.type === 'resend')
  const countsCreations = requests.some(({ limits }) => limits.perInviterPerDay !== null)
  const countsSends = requests.some(({ limits }) => limits.perRecipientPerDay !== null)
  return {
    organizationId: context.organizationId,
    ids: unique(commands.flatMap(command => ('id' in command && command.type !== 'create' ? [command.id] : []))),
    emails: unique([...emails, ...added, ...erased.map(address => address.emailKey)].filter(isPresent)),
    phones: unique([...phones, ...erased.map(address => address.phoneKey)].filter(isPresent)),
    users: unique(commands.flatMap(usersOf)),
    idempotencyKeys: unique(requests.flatMap(({ idempotency }) => idempotency?.key ?? [])),
    templates: unique(commands.flatMap(command => (command.type === 'create' ? templateOf(command) : []))),
    pending: countUpTo(requests, pendingLimits),
    seats: countUpTo(requests, seatLimits),
    inviters: countsCreations ? unique(creations.map(({ actor }) => idOf(actor)).filter(isPresent)) : [],
    addressHashes: countsSends ? unique([...emails, ...phones].filter(isPresent).map(context.addressHash)) : [],
    sentTo: countsSends ? unique(commands.flatMap(command => (sendsAgain(command) ? command.id : []))) : [],
    now: context.now,
    members: context.ownMembers,
  }
}

/** Asks for the revision alone. */
export const emptyFactsQuery = (organizationId: string, now: Date | null): FactsQuery =>
  factsQueryFor([], { organizationId, now, ownMembers: false, addressHash: String })

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** A text that is no UUID names no template, so the database is not asked for it. */
const templateOf = ({ terms: { templateId } }: Create): string[] =>
  templateId !== null && toInviteId(templateId) ? [templateId] : []

/** These go to the address of a stored invite, which the command does not name. */
const sendsAgain = (command: Command): command is Extract<Command, { type: 'resend' | 'remind' }> =>
  command.type === 'resend' || command.type === 'remind'

/** The users whose membership and uses matter for a command. */
function usersOf(command: Command): string[] {
  if (command.type === 'accept') return [idOf(command.actor)].filter(isPresent)
  return 'userId' in command ? [command.userId] : []
}

/** What some of the commands may use up: pending invites, seats. */
interface Usage {
  readonly invites: boolean
  readonly joins: boolean
}

const usageOf = (commands: readonly Command[]): Usage => ({
  invites: commands.some(({ type }) => type === 'create' || type === 'resend'),
  joins: commands.some(({ type }) => type === 'accept' || type === 'member.add'),
})

/** The limits that a usage must be held against; null: this one need not be counted. */
type LimitsOf = (limits: CheckedLimits, usage: Usage) => readonly (number | null)[]

const pendingLimits: LimitsOf = ({ pending, seats, pendingHoldsSeat }, { invites, joins }) => [
  invites ? pending : null,
  pendingHoldsSeat && (invites || joins) ? seats : null,
]

const seatLimits: LimitsOf = ({ seats, pendingHoldsSeat }, { invites, joins }) => [
  joins || (invites && pendingHoldsSeat) ? seats : null,
]

/** Far enough to decide all requests one after another: the highest limit, one more, and what the batch itself may change. */
function countUpTo(requests: readonly FactsRequest[], limitsOf: LimitsOf): number | null {
  const highest = requests.flatMap(({ limits, commands }) => limitsOf(limits, usageOf(commands))).filter(isPresent)
  const changes = requests.reduce((sum, { commands }) => sum + commands.length, 0)
  return highest.length === 0 ? null : Math.max(...highest) + 1 + changes
}

export const toOrganizationState = (organizationId: string, facts: Facts): OrganizationState => ({
  organizationId,
  revision: facts.revision,
  now: facts.now,
  pending: facts.pending,
  seats: facts.seats,
  invites: new Map(facts.invites.map(invite => [invite.id, invite])),
  uses: new Map(facts.uses.map(use => [useKey(use.inviteId, use.userId), use])),
  members: new Map(facts.members.map(member => [member.userId, member])),
  idempotency: new Map(facts.idempotency.map(record => [record.key, record])),
  templates: new Set(facts.templates),
  createdToday: facts.createdToday,
  sentToday: facts.sentToday,
})

/** These invites of one organization, as they are now. */
export async function findInvites<Tx>(
  settings: Settings<Tx>,
  organizationId: string,
  ids: readonly InviteId[],
  tx: Tx | undefined,
): Promise<OrganizationState['invites']> {
  const query = { ...emptyFactsQuery(organizationId, settings.clock?.() ?? null), ids }
  return toOrganizationState(organizationId, await settings.storage.read(query, tx)).invites
}

/** One of them. Throws `invite_not_found`. */
export async function findInvite<Tx>(
  settings: Settings<Tx>,
  { organizationId, id }: InviteRef,
  tx: Tx | undefined,
): Promise<InviteRecord> {
  const invite = (await findInvites(settings, organizationId, [id], tx)).get(id)
  if (invite === undefined) throw fail('invite_not_found', {})
  return invite
}
