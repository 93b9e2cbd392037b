// What every call is made of: the settings, the path, and the parser of phone numbers.
import type { Doer, Person } from '../domain/actor.ts'
import { type PhoneParser, parseEmail, parsePhone } from '../domain/address.ts'
import type { Command } from '../domain/command.ts'
import { type InviteRecord, toInviteId } from '../domain/invite.ts'
import { markOf } from '../domain/token.ts'
import type { Known } from '../ports/guesses.ts'
import type { Invite } from '../ports/invite.ts'
import type { Actor } from './calls/context.ts'
import { fail, InviteError, invalid } from './error.ts'
import { checked, isRecord, text } from './input/check.ts'
import { tidyLine } from './mail/typed.ts'
import { unlimited } from './options/amounts.ts'
import type { Settings } from './options/settings.ts'
import type { Done, Outcome } from './path/decideall.ts'
import type { Tools } from './path/delivering.ts'
import type { Transact } from './path/transact.ts'
import type { Previewed } from './previewed.ts'
import { written } from './show/shown.ts'

export interface Kit<Tx = unknown> {
  readonly settings: Settings<Tx>
  readonly transact: Transact<Tx>
  readonly previewed: Previewed
  /** For what is written beside a commit. */
  readonly tools: Tools
  readonly newId: () => string
  readonly phoneParser: () => Promise<PhoneParser>
}

/** Where a call stands: who makes it, in which organization, in which transaction. */
export interface Place<Tx> {
  readonly doer: Doer
  readonly organizationId: string
  readonly tx: Tx | undefined
  /** What was seen of the invite when it was looked for. */
  readonly known?: Known | null
}

/** What a caller that is not held to the types may give as the second argument. */
export type AnyContext<Tx> =
  | {
      readonly actor?: Actor | 'system' | null | undefined
      readonly organizationId?: string | undefined
      readonly tx?: Tx | undefined
      readonly idempotencyKey?: string | undefined
    }
  | undefined

const idText = text(255)

/** The place of a call that manages an organization. Throws `unauthenticated` without an actor. */
export async function placeOf<Tx>(kit: Kit<Tx>, context: AnyContext<Tx>): Promise<Place<Tx>> {
  const { actor } = context ?? {}
  const tx = txOf(context)
  if (actor === 'system') {
    const organizationId = checked(idText, context?.organizationId, 'organizationId')
    return { doer: actor, organizationId, tx }
  }
  const doer = await personOf(kit, actor)
  const organizationId = actor?.organizationId
  if (!organizationId) throw fail('forbidden', {}, 'the actor has no organization')
  return { doer, organizationId: checked(idText, organizationId, 'actor.organizationId'), tx }
}

/** In JavaScript `tx: maybe ?? null` is no transaction either, and a call that is half joined would keep half of it. */
export function txOf<Tx>(context: { readonly tx?: Tx | undefined } | undefined): Tx | undefined {
  const tx: unknown = context?.tx ?? undefined
  if (tx === undefined || typeof tx === 'object' || typeof tx === 'function') return tx as Tx | undefined
  throw new TypeError(`invitekit: \`tx\` must be your storage's transaction, and is a ${typeof tx}`)
}

/** The actor as the rules see it. An address that is none counts as no address. */
export async function personOf<Tx>(kit: Kit<Tx>, actor: Actor | 'system' | null | undefined): Promise<Person> {
  if (!isRecord(actor)) throw fail('unauthenticated', {})
  const { userId, role, email, emailVerified, phone, phoneVerified } = actor
  if (userId !== null) checked(idText, userId, 'actor.userId')
  const parsedEmail = typeof email === 'string' ? parseEmail(email) : null
  const parsedPhone = typeof phone === 'string' ? parsePhone(phone, await kit.phoneParser(), kit.settings.defaultCountry) : null
  return {
    userId,
    role: typeof role === 'string' ? role : null,
    name: typeof actor.name === 'string' ? tidyLine(actor.name, 200) || null : null,
    email: parsedEmail?.ok ? { ...parsedEmail.value, verified: emailVerified === true } : null,
    phone: parsedPhone?.ok ? { key: parsedPhone.value.key, verified: phoneVerified === true } : null,
  }
}

/** The idempotency key as it is kept: bound to organization and caller, and unreadable. */
export function keepOf<Tx>(
  { settings }: Kit<Tx>,
  { organizationId, doer }: Omit<Place<Tx>, 'tx'>,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown },
): { readonly key: string; readonly input: string } | undefined {
  if (call.key === undefined) return undefined
  const key = checked(idText, call.key, 'idempotencyKey')
  const who = doer === 'system' ? doer : `user ${doer.userId}`
  const digest = (value: unknown) => markOf(settings.keys[0], JSON.stringify(value) ?? '')
  return { key: digest([organizationId, who, call.name, key]), input: digest(sorted(call.input)) }
}

/** Deeper than any input that is valid. */
const deepest = 30

/** The same input in one spelling, whatever the order of its keys. In a bulk, items that are no JSON come along. */
function sorted(value: unknown, above: readonly unknown[] = []): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (above.length > deepest || above.includes(value)) return null
  if (Array.isArray(value)) return value.map(item => sorted(item, [...above, value]))
  if (!isRecord(value) || value instanceof Date) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key], [...above, value])]),
  )
}

/** Runs one command of a call that manages an organization. Throws what it rejects. */
export async function perform<Tx>(
  kit: Kit<Tx>,
  place: Place<Tx>,
  command: Command,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown } | null = null,
): Promise<Performed> {
  const { organizationId, tx, known } = place
  const limits = isLimited(command) ? await kit.settings.limitsOf(organizationId) : unlimited
  const keep = call === null ? undefined : keepOf(kit, place, call)
  const outcome = await kit.transact({ organizationId, commands: [command], limits, tx, keep, known })
  const { answer, invite } = single(outcome)
  return { answer, invite, view: invite && written(invite, outcome.now, outcome.queued), replayed: outcome.replayed }
}

/** Others take no place, no seat and send nothing: the host's function of limits is not asked for them. */
const isLimited = ({ type }: Command): boolean =>
  !['open', 'decline', 'revoke', 'update', 'erase', 'member.remove', 'member.forget'].includes(type)

export interface Performed {
  readonly answer: Extract<Done['decision'], { ok: true }>['answer']
  readonly invite: InviteRecord | null
  readonly view: Invite | null
  readonly replayed: boolean
}

function single({ done }: Outcome): Pick<Performed, 'answer' | 'invite'> {
  const [only] = done
  if (only === undefined) throw fail('unavailable', {})
  if (!only.decision.ok) throw new InviteError(only.decision.rejection)
  return { answer: only.decision.answer, invite: only.invite }
}

/** The id, or `invite_not_found`: what is no UUID cannot name an invite. */
export function idFrom(value: unknown) {
  if (typeof value !== 'string') throw invalid([{ path: 'id', detail: 'must be a string' }])
  const id = toInviteId(value)
  if (id === null) throw fail('invite_not_found', {})
  return id
}
