// Where a call stands: who makes it, in which organization, in which transaction.

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

/** What a caller that is not held to the types may give as the second argument. */
export type CallContext<Tx> =
  | {
      readonly actor?: ActorInput | 'system' | null | undefined
      readonly organizationId?: string | undefined
      readonly tx?: Tx | undefined
      readonly idempotencyKey?: string | undefined
    }
  | null
  | undefined

/** The fields of a context: of calls on an organization, of those that a token opens, and of those by nobody. */
const managementFields = ['actor', 'organizationId', 'tx', 'idempotencyKey']
export const inviteeFields = ['actor', 'tx', 'idempotencyKey']
export const openFields = ['tx']

const idText = text(255)
// A database's 1 is told, instead of being taken for no.
const verified = optional(bool, false)

/** The place of a call that manages an organization. Throws `unauthenticated` without an actor. */
export async function callerFrom<Tx>(parsing: AddressParsing<Tx>, context: CallContext<Tx>): Promise<Caller<Tx>> {
  const { actor: given, organizationId: named, tx } = contextFrom(parsing, context)
  if (given === 'system') return { actor: given, organizationId: checked(idText, named, 'organizationId'), tx }
  const actor = await personFrom(parsing, given)
  const { roles } = parsing.settings
  if (actor.role !== null && !isRole(roles, actor.role)) {
    const known = Object.keys(roles).join(', ')
    throw fail('forbidden', {}, `the actor has the role ${JSON.stringify(actor.role)}, which is none of \`roles\`: ${known}`)
  }
  const organizationId = given?.organizationId
  if (!organizationId) throw fail('forbidden', {}, 'the actor has no organization')
  return { actor, organizationId: checked(idText, organizationId, 'actor.organizationId'), tx }
}

/** Checked: a mistake in it would make the call another organization's, or leave it out of the transaction. */
export function contextFrom<Tx>(
  { settings }: { readonly settings: Settings<Tx> },
  context: CallContext<Tx>,
  fields = managementFields,
) {
  const given = context ?? {}
  // The actor itself is what is most easily taken for its context.
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

/** In JavaScript `tx: maybe ?? null` is no transaction either, and a call that is half joined would keep half of it. */
function txOf<Tx>({ checkTx }: Storage<Tx>, tx: Tx | null | undefined): Tx | undefined {
  if (tx === undefined || tx === null) return undefined
  if (typeof tx !== 'object' && typeof tx !== 'function')
    throw new TypeError(`invitekit: \`tx\` must be your storage's transaction, and is a ${typeof tx}`)
  checkTx?.(tx)
  return tx
}

/** The actor as the rules see it. An address that is none counts as no address. */
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
