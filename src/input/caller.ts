// Reads the second argument of a call: the actor, the organization and the transaction.

import type { ActorInput } from '../api/context.ts'
import { fail, invalid } from '../api/error.ts'
import type { Actor, Person } from '../domain/actor.ts'
import { parseEmail, parsePhone } from '../domain/address.ts'
import { isRole } from '../domain/roles.ts'
import type { Settings } from '../options/settings.ts'
import type { Storage } from '../ports/storage/storage.ts'
import { tidyLine } from '../text/sanitize.ts'
import { bool, checked, isRecord, optional, text } from '../validation/validators.ts'
import type { AddressParsing } from './addresses.ts'

export interface Caller<Tx> {
  readonly actor: Actor
  readonly organizationId: string
  readonly tx: Tx | undefined
}

/** The second argument of a call, as JavaScript callers may give it: nothing is sure before `contextFrom`. */
export type CallContext<Tx> =
  | {
      readonly actor?: ActorInput | 'system' | null | undefined
      readonly organizationId?: string | undefined
      readonly tx?: Tx | undefined
      readonly idempotencyKey?: string | undefined
    }
  | null
  | undefined

// The fields of a context: for calls on an organization, for the invitee's calls, and for calls without an actor.
const managementFields = ['actor', 'organizationId', 'tx', 'idempotencyKey']
export const inviteeFields = ['actor', 'tx', 'idempotencyKey']
export const openFields = ['tx']

const idText = text(255)
// Strict: a database's `1` is refused, instead of being read as not verified.
const verified = optional(bool, false)

/** The caller of a call on an organization. Throws `unauthenticated` without an actor, `forbidden` without an organization. */
export async function callerFrom<Tx>(parsing: AddressParsing<Tx>, context: CallContext<Tx>): Promise<Caller<Tx>> {
  const { actor: given, organizationId: named, tx } = contextFrom(parsing, context)
  if (given === 'system') return { actor: given, organizationId: checked(idText, named, 'organizationId'), tx }
  const actor = await personFrom(parsing, given)
  const { roles } = parsing.settings
  if (actor.role !== null && !isRole(roles, actor.role)) {
    const names = Object.keys(roles).join(', ')
    throw fail('forbidden', {}, `the actor has the role ${JSON.stringify(actor.role)}, which is none of \`roles\`: ${names}`)
  }
  const organizationId = given?.organizationId
  if (!organizationId) throw fail('forbidden', {}, 'the actor has no organization')
  return { actor, organizationId: checked(idText, organizationId, 'actor.organizationId'), tx }
}

/** Checks the context. An unnoticed mistake could change the organization, or run the call outside of the transaction. */
export function contextFrom<Tx>(
  { settings }: { readonly settings: Settings<Tx> },
  context: CallContext<Tx>,
  fields = managementFields,
) {
  const given = context ?? {}
  // A common mistake: the actor itself as the second argument, instead of `{ actor }`.
  if (!isRecord(given) || 'userId' in given) throw noActor()
  const { actor, organizationId, idempotencyKey } = given
  const path = Object.keys(given).find(key => !fields.includes(key))
  if (path !== undefined)
    throw invalid([{ path, detail: `is no field of this call's second argument, which takes ${fields.join(', ')}` }])
  if (organizationId !== undefined && actor !== 'system')
    throw invalid([
      { path: 'organizationId', detail: "goes with the actor 'system'; a person's own is `actor.organizationId`" },
    ])
  return { actor, organizationId, idempotencyKey, tx: txOf(settings.storage, given.tx) }
}

const noActor = () =>
  fail('unauthenticated', {}, 'this call takes (input, { actor }): its second argument has no `actor` with a `userId`')

/** The transaction; null counts as none. A value that cannot be one is refused, or the call would run outside of it. */
function txOf<Tx>({ checkTx }: Storage<Tx>, tx: Tx | null | undefined): Tx | undefined {
  if (tx === undefined || tx === null) return undefined
  if (typeof tx !== 'object' && typeof tx !== 'function')
    throw new TypeError(`invitekit: \`tx\` must be your storage's transaction, and is a ${typeof tx}`)
  checkTx?.(tx)
  return tx
}

/** The actor as the rules see it. An address that cannot be parsed counts as no address. */
export async function personFrom<Tx>(
  parsing: AddressParsing<Tx>,
  actor: ActorInput | 'system' | null | undefined,
): Promise<Person> {
  if (actor === null) throw fail('unauthenticated', {})
  if (!isRecord(actor)) throw noActor()
  const { userId, role, email, phone } = actor
  if (userId !== null) checked(idText, userId, 'actor.userId')
  const emailVerified = checked(verified, actor.emailVerified, 'actor.emailVerified')
  const phoneVerified = checked(verified, actor.phoneVerified, 'actor.phoneVerified')
  const parsedEmail = typeof email === 'string' ? parseEmail(email) : null
  const parsedPhone =
    typeof phone === 'string' ? parsePhone(phone, await parsing.phoneParser(), parsing.settings.defaultCountry) : null
  return {
    userId,
    role: typeof role === 'string' ? role : null,
    name: typeof actor.name === 'string' ? tidyLine(actor.name, 200) || null : null,
    email: parsedEmail?.ok ? { ...parsedEmail.value, verified: emailVerified } : null,
    phone: parsedPhone?.ok ? { key: parsedPhone.value.key, verified: phoneVerified } : null,
  }
}
