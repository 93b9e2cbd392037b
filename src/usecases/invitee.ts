// The invitee's calls: look, open, accept, decline, ask for a new one, and find the invites that got lost.

import type { Actor } from '../api/context.ts'
import { fail } from '../api/error.ts'
import type { Preview } from '../api/results.ts'
import { findInvite } from '../commit/find-invite.ts'
import type { Kit } from '../commit/services.ts'
import type { Doer } from '../domain/actor.ts'
import { maskEmail, maskPhone } from '../domain/address.ts'
import type { Proof } from '../domain/command.ts'
import { anonymous } from '../domain/decide/decision.ts'
import { refusePerson } from '../domain/decide/invitee.ts'
import { type InviteRecord, statusAt } from '../domain/invite.ts'
import { type AnyContext, answering, contextOf, personOf } from '../input/caller.ts'
import { reasonOf } from '../input/shapes.ts'
import { nowOf } from '../options/settings.ts'
import type { Invite } from '../ports/invite.ts'
import { checked, isRecord, object, optional, text } from '../validation/validators.ts'
import { lookedUp } from '../views/deliveries.ts'
import { hasAccount } from '../views/links.ts'
import { namesOf } from '../views/names.ts'
import { pagesFor } from '../views/template-pages.ts'
import { type Performed, perform } from './execute.ts'
import { locate, selectors } from './locate.ts'

const maybePerson = async <Tx>(kit: Kit<Tx>, actor: Actor | 'system' | null | undefined): Promise<Doer> =>
  actor === null || actor === undefined ? anonymous : personOf(kit, actor)

export async function preview<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Preview<string>> {
  const fields = checked(object({ token: selectors.token, code: selectors.code }), input)
  const { actor, tx } = contextOf(kit, context, answering)
  const person = await maybePerson(kit, actor)
  const located = await locate(kit, fields, { doer: person, tx, fresh: true })
  const { proof, known } = located
  const invite = known?.invite ?? (await findInvite(kit.settings, located, tx))
  if (proof.by === 'token' && proof.generation !== invite.generation) throw fail('invite_not_found', {})
  if (known) kit.previewed.note(known)
  const names = await namesOf(kit.settings, invite)
  const status = statusAt(invite, nowOf(kit.settings))
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
    next: status === 'pending' ? await nextOf(kit, invite, person) : null,
    match: matchOf(kit, invite, person, proof),
    template: await pagesFor(kit.settings, invite, names, tx),
  }
}

function matchOf<Tx>({ settings }: Kit<Tx>, invite: InviteRecord, person: Doer, proof: Proof): Preview<string>['match'] {
  if (person === 'system' || person.userId === null) return null
  const refused = refusePerson(invite, person, proof, settings.acceptance)
  return refused === null ? 'ok' : refused.rejection.code === 'email_unverified' ? 'unverified' : 'mismatch'
}

async function nextOf<Tx>({ settings }: Kit<Tx>, invite: InviteRecord, person: Doer): Promise<Preview<string>['next']> {
  if (person !== 'system' && person.userId !== null) return 'accept'
  return (await hasAccount(settings.directory, invite)) === false ? 'sign_up' : 'sign_in'
}

export async function open<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<void> {
  const fields = checked(object({ token: text(2000) }), input)
  const { actor, tx } = contextOf(kit, context, answering)
  const doer = await maybePerson(kit, actor)
  const { id, organizationId, proof, known } = await locate(kit, fields, { doer, tx })
  await perform(kit, { doer, organizationId, tx, known }, { type: 'open', id, doer, proof })
}

export async function accept<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Performed> {
  const { actor, tx, idempotencyKey } = contextOf(kit, context, answering)
  const doer = await personOf(kit, actor)
  if (doer.userId === null) throw fail('unauthenticated', {})
  const fields = checked(object({ ...selectors, role: optional(text(64), null) }), input)
  const { id, organizationId, proof, known } = await locate(kit, fields, { doer, tx, userId: doer.userId })
  const call = { name: 'accept', key: idempotencyKey, input }
  const place = { doer, organizationId, tx, known }
  return perform(kit, place, { type: 'accept', id, doer, proof, role: fields.role }, call)
}

export async function decline<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Performed> {
  const fields = checked(object({ ...selectors, reason: reasonOf }), input)
  const { actor, tx } = contextOf(kit, context, answering)
  const doer = await maybePerson(kit, actor)
  if (fields.id !== undefined && (doer === 'system' || doer.userId === null)) throw fail('unauthenticated', {})
  const { id, organizationId, proof, known } = await locate(kit, fields, { doer, tx })
  const { reason } = fields
  const done = await perform(kit, { doer, organizationId, tx, known }, { type: 'decline', id, doer, proof, reason })
  const isTheirs = done.invite !== null && matchOf(kit, done.invite, doer, proof) === 'ok'
  return isTheirs || doer === 'system' ? done : { ...done, view: done.view && masked(done.view) }
}

/** For whoever only holds the link, which may have been passed on. */
function masked(view: Invite): Invite {
  const bare = { ...view, metadata: {}, externalId: null }
  if (bare.kind === 'open') return bare
  const { email, phone, locale } = bare.recipient
  const recipient = { email: email && maskEmail(email), phone: phone && maskPhone(phone), fullName: null, firstName: null }
  return { ...bare, recipient: { ...recipient, lastName: null, locale } }
}

export async function renew<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<void> {
  const fields = checked(object({ token: selectors.token, code: selectors.code }), input)
  const { actor, tx } = contextOf(kit, context, answering)
  const doer = await maybePerson(kit, actor)
  const { id, organizationId, proof, known } = await locate(kit, fields, { doer, tx })
  await perform(kit, { doer, organizationId, tx, known }, { type: 'renew', id, doer, proof })
}

/** Live invites to the addresses that the host has verified. */
export async function mine<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const { actor, tx } = contextOf(kit, context, answering)
  const person = await personOf(kit, actor)
  if (person.userId === null) throw fail('unauthenticated', {})
  checked(object({}), isRecord(input) ? input : {})
  const now = nowOf(kit.settings)
  const email = person.email?.verified ? person.email.key : null
  const phone = person.phone?.verified ? person.phone.key : null
  if (email === null && phone === null) return { data: [] }
  const invites = await kit.settings.storage.lists.mine({ email, phone, now }, tx)
  return { data: await lookedUp(kit.settings, invites, now, tx) }
}
