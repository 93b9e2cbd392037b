// What a set of commands needs to know before it can be decided, and the state made from the answer.
import { idOf } from '../domain/actor.ts'
import type { Command, Create } from '../domain/command.ts'
import { toInviteId } from '../domain/invite.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import { type OrganizationState, useKey } from '../domain/state.ts'
import type { Facts, FactsQuery } from '../ports/storage/facts.ts'
import type { InviteSnapshot } from '../ports/storage/speculation.ts'

/** One caller's commands with the limits in force for them. */
export interface FactsRequest {
  readonly commands: readonly Command[]
  readonly limits: CheckedLimits
  readonly idempotencyKey: string | null
  /** What was seen of the invite when it was looked for. */
  readonly snapshot: InviteSnapshot | null
}

interface Frame {
  readonly organizationId: string
  readonly now: Date | null
  readonly ownMembers: boolean
  readonly mark: (address: string) => string
}

const isPresent = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined

export function factsQueryFor(asking: readonly FactsRequest[], { organizationId, now, ownMembers, mark }: Frame): FactsQuery {
  const commands = asking.flatMap(each => each.commands)
  const recipients = commands.flatMap(command => (command.type === 'create' ? [command.recipient] : [])).filter(isPresent)
  const emails = recipients.map(recipient => recipient.emailKey)
  const erased = commands.flatMap(command => ('address' in command ? [command.address] : [])).filter(isPresent)
  const others = [
    ...commands.flatMap(command => (command.type === 'member.add' ? [command.emailKey] : [])),
    ...erased.map(address => address.emailKey),
  ]
  const phones = recipients.map(recipient => recipient.phoneKey)
  const isBraked = asking.some(({ limits }) => limits.perRecipientPerDay !== null)
  const makers = commands.filter(command => command.type === 'create' || command.type === 'resend')
  return {
    organizationId,
    ids: unique(commands.flatMap(command => ('id' in command && command.type !== 'create' ? [command.id] : []))),
    emails: unique([...emails, ...others].filter(isPresent)),
    phones: unique([...phones, ...erased.map(address => address.phoneKey)].filter(isPresent)),
    users: unique(commands.flatMap(usersOf)),
    idempotencyKeys: unique(asking.map(each => each.idempotencyKey).filter(isPresent)),
    templates: unique(commands.flatMap(command => (command.type === 'create' ? templateOf(command) : []))),
    pending: bound(asking, pendingLimits),
    seats: bound(asking, ({ seats, pendingHoldsSeat }, { invites, joins }) => [
      joins || (invites && pendingHoldsSeat) ? seats : null,
    ]),
    inviters: asking.some(({ limits }) => limits.perInviterPerDay !== null)
      ? unique(makers.map(({ actor }) => idOf(actor)).filter(isPresent))
      : [],
    addressHashes: isBraked ? unique([...emails, ...phones].filter(isPresent).map(mark)) : [],
    sentTo: isBraked ? unique(commands.flatMap(command => (sendsAgain(command) ? command.id : []))) : [],
    now,
    members: ownMembers,
  }
}

/** Asks for the revision alone. */
export const emptyFactsQuery = (organizationId: string, now: Date | null): FactsQuery =>
  factsQueryFor([], { organizationId, now, ownMembers: false, mark: String })

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** What is no UUID names no template, and no database need be asked. */
const templateOf = ({ terms: { templateId } }: Create): string[] =>
  templateId !== null && toInviteId(templateId) ? [templateId] : []

/** Only the invite knows to whom. */
const sendsAgain = (command: Command): command is Extract<Command, { type: 'resend' | 'remind' }> =>
  command.type === 'resend' || command.type === 'remind'

function usersOf(command: Command): string[] {
  if (command.type === 'accept') return [idOf(command.actor)].filter(isPresent)
  return 'userId' in command ? [command.userId] : []
}

/** What some of the commands may take: places of pending invites, seats. */
interface Takes {
  readonly invites: boolean
  readonly joins: boolean
}

type LimitsOf = (limits: CheckedLimits, takes: Takes) => readonly (number | null)[]

const takesOf = (commands: readonly Command[]): Takes => ({
  invites: commands.some(({ type }) => type === 'create' || type === 'resend'),
  joins: commands.some(({ type }) => type === 'accept' || type === 'member.add'),
})

/** Only what is about to be taken is counted. */
const pendingLimits: LimitsOf = ({ pending, seats, pendingHoldsSeat }, { invites, joins }) => [
  invites ? pending : null,
  pendingHoldsSeat && (invites || joins) ? seats : null,
]

/** Far enough to decide all of them one after another: the limit, one more, and what they may add or free themselves. */
function bound(asking: readonly FactsRequest[], limitsOf: LimitsOf): number | null {
  const bounds = asking.flatMap(({ limits, commands }) => limitsOf(limits, takesOf(commands))).filter(isPresent)
  return bounds.length === 0 ? null : Math.max(...bounds) + 1 + asking.reduce((sum, { commands }) => sum + commands.length, 0)
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
  idempotency: new Map(facts.idempotency.map(kept => [kept.key, kept])),
  templates: new Set(facts.templates),
  createdToday: facts.createdToday,
  sentToday: facts.sentToday,
})
