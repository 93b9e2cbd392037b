// The invitee's calls: preview, open, accept, decline, renew, and `mine`.

import type { ActorInput } from '../api/context.ts'
import { fail } from '../api/error.ts'
import type { Preview } from '../api/results.ts'
import { findInvite } from '../commit/facts-query.ts'
import type { Services } from '../commit/services.ts'
import type { Actor } from '../domain/actor.ts'
import { maskEmail, maskPhone } from '../domain/address.ts'
import type { Proof } from '../domain/command.ts'
import { anonymous } from '../domain/decide/decision.ts'
import { refusePerson } from '../domain/decide/invitee.ts'
import { type InviteRecord, statusAt } from '../domain/invite.ts'
import { withoutHidden } from '../domain/personal-data.ts'
import { type CallContext, contextFrom, inviteeFields, personFrom } from '../input/caller.ts'
import { reasonOf } from '../input/shapes.ts'
import { nowOf } from '../options/settings.ts'
import type { Invite } from '../ports/invite.ts'
import { checked, isRecord, object, optional, text } from '../validation/validators.ts'
import { withDeliveries } from '../views/invite.ts'
import { hasAccount } from '../views/links.ts'
import { namesOf } from '../views/names.ts'
import { markReplayed } from '../views/replayed.ts'
import { pagesFor } from '../views/template-pages.ts'
import { execute } from './execute.ts'
import { locate, selectors } from './locate.ts'

const maybePerson = async <Tx>(services: Services<Tx>, given: ActorInput | 'system' | null | undefined): Promise<Actor> =>
  given === null || given === undefined ? anonymous : personFrom(services, given)

export async function preview<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<Preview<string>> {
  const fields = checked(object({ token: selectors.token, code: selectors.code }), input)
  const { actor: given, tx } = contextFrom(services, context, inviteeFields)
  const actor = await maybePerson(services, given)
  const located = await locate(services, fields, { actor, tx, isPreview: true })
  const { proof } = located
  const invite = located.invite ?? (await findInvite(services.settings, located, tx))
  if (proof.by === 'token' && proof.generation !== invite.generation) throw fail('invite_not_found', {})
  const names = await namesOf(services.settings, invite)
  const status = statusAt(invite, nowOf(services.settings))
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  return {
    id: invite.id,
    organization: { id: invite.organizationId, name: names.organization },
    inviter: { name: names.inviter },
    role: invite.role,
    kind: invite.kind,
    recipient: recipient?.email ? maskEmail(recipient.email) : recipient?.phoneKey ? maskPhone(recipient.phoneKey) : null,
    locale: recipient?.locale ?? null,
    status,
    expiresAt: invite.expiresAt,
    next: status === 'pending' ? await nextOf(services, invite, actor) : null,
    match: matchOf(services, invite, actor, proof),
    template: await pagesFor(services.settings, invite, names, tx),
  }
}

function matchOf<Tx>({ settings }: Services<Tx>, invite: InviteRecord, actor: Actor, proof: Proof): Preview<string>['match'] {
  if (actor === 'system' || actor.userId === null) return null
  const refused = refusePerson(invite, actor, proof, settings.acceptance)
  return refused === null ? 'ok' : refused.rejection.code === 'email_unverified' ? 'unverified' : 'mismatch'
}

async function nextOf<Tx>({ settings }: Services<Tx>, invite: InviteRecord, actor: Actor): Promise<Preview<string>['next']> {
  if (actor !== 'system' && actor.userId !== null) return 'accept'
  return (await hasAccount(settings.directory, invite)) === false ? 'sign_up' : 'sign_in'
}

export async function open<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const fields = checked(object({ token: text(2000) }), input)
  const { actor: given, tx } = contextFrom(services, context, inviteeFields)
  const actor = await maybePerson(services, given)
  const { id, organizationId, proof } = await locate(services, fields, { actor, tx })
  await execute(services, { actor, organizationId, tx }, { type: 'open', id, actor, proof })
}

export async function accept<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { actor: given, tx, idempotencyKey } = contextFrom(services, context, inviteeFields)
  const actor = await personFrom(services, given)
  if (actor.userId === null) throw fail('unauthenticated', {})
  const fields = checked(object({ ...selectors, role: optional(text(64), null) }), input)
  const { id, organizationId, proof } = await locate(services, fields, { actor, tx, userId: actor.userId })
  const call = { name: 'accept', key: idempotencyKey, input }
  const command = { type: 'accept', id, actor, proof, role: fields.role } as const
  const { view, answer, replayed } = await execute(services, { actor, organizationId, tx }, command, call)
  return markReplayed({ invite: view, member: answer.member ?? null, repeated: answer.repeated ?? false }, replayed)
}

export async function decline<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const fields = checked(object({ ...selectors, reason: reasonOf }), input)
  const { actor: given, tx } = contextFrom(services, context, inviteeFields)
  const actor = await maybePerson(services, given)
  if (fields.id !== undefined && (actor === 'system' || actor.userId === null)) throw fail('unauthenticated', {})
  const { id, organizationId, proof } = await locate(services, fields, { actor, tx })
  const command = { type: 'decline', id, actor, proof, reason: fields.reason } as const
  const { invite, view } = await execute(services, { actor, organizationId, tx }, command)
  const isTheirs = invite !== null && matchOf(services, invite, actor, proof) === 'ok'
  return { invite: isTheirs || actor === 'system' ? view : view && masked(view) }
}

/** For a caller who only has the link, which may have been forwarded. */
function masked(view: Invite): Invite {
  const bare = withoutHidden(view)
  if (bare.kind === 'open') return bare
  const { email, phone, locale } = bare.recipient
  const recipient = { email: email && maskEmail(email), phone: phone && maskPhone(phone), fullName: null, firstName: null }
  return { ...bare, recipient: { ...recipient, lastName: null, locale } }
}

export async function renew<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const fields = checked(object({ token: selectors.token, code: selectors.code }), input)
  const { actor: given, tx } = contextFrom(services, context, inviteeFields)
  const actor = await maybePerson(services, given)
  const { id, organizationId, proof } = await locate(services, fields, { actor, tx })
  await execute(services, { actor, organizationId, tx }, { type: 'renew', id, actor, proof })
}

/** Live invites to the actor's verified addresses. */
export async function mine<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { actor: given, tx } = contextFrom(services, context, inviteeFields)
  const actor = await personFrom(services, given)
  if (actor.userId === null) throw fail('unauthenticated', {})
  checked(object({}), isRecord(input) ? input : {})
  const now = nowOf(services.settings)
  const email = actor.email?.verified ? actor.email.key : null
  const phone = actor.phone?.verified ? actor.phone.key : null
  if (email === null && phone === null) return { data: [] }
  const invites = await services.settings.storage.lists.mine({ email, phone, now }, tx)
  return { data: await withDeliveries(services.settings, invites, now, tx) }
}
