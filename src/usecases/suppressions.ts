// Suppressions: by the host for an address, by the recipient through the signed link in a mail.

import { fail, invalid } from '../api/error.ts'
import type { Unsubscribing } from '../api/suppressions.ts'
import { findInvite } from '../commit/find-invite.ts'
import type { Kit } from '../commit/services.ts'
import { maskEmail, maskPhone } from '../domain/address.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { markOf } from '../domain/token.ts'
import { readUnsubscribe } from '../domain/unsubscribe-token.ts'
import { addressFrom } from '../input/addresses.ts'
import { type AnyContext, contextOf, placeOf } from '../input/caller.ts'
import { marksOf } from '../options/keys.ts'
import { nowOf } from '../options/settings.ts'
import type { MarksOf } from '../ports/storage/suppressions.ts'
import { checked, object, optional, text } from '../validation/validators.ts'
import { namesOf } from '../views/names.ts'

const addressShape = object({ email: optional(text(320), undefined), phone: optional(text(40), undefined) })

export async function add<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<void> {
  const { organizationId, address } = await meant(kit, input, context)
  await kit.settings.storage.suppressions.add(
    { organizationId, marks: [markOf(kit.settings.keys[0], address)] },
    nowOf(kit.settings),
  )
}

export async function remove<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<void> {
  const { organizationId, address } = await meant(kit, input, context)
  await kit.settings.storage.suppressions.remove({ organizationId, marks: marksOf(kit.settings, address) })
}

export async function has<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<boolean> {
  const { organizationId, address } = await meant(kit, input, context)
  return isSuppressed(kit, { organizationId, marks: marksOf(kit.settings, address) })
}

async function meant<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const { email, phone } = checked(addressShape, input)
  if ((email === undefined) === (phone === undefined)) throw invalid([{ path: '', detail: 'needs one of email and phone' }])
  if (contextOf(kit, context, ['actor', 'organizationId']).actor !== 'system')
    throw fail('forbidden', {}, "suppressions are for 'system': they are the recipient's to decide")
  const { organizationId } = await placeOf(kit, context)
  const address = await addressFrom(kit, email, phone)
  return { organizationId, address: 'email' in address ? address.email : address.phone }
}

async function isSuppressed<Tx>({ settings }: Kit<Tx>, those: MarksOf): Promise<boolean> {
  const [found = []] = await settings.storage.suppressions.find([those])
  return found.length > 0
}

const signedShape = object({ signed: text(2000) })

/** Whom a link is for, and what the page about it shows. A forged one is refused before any query. */
async function locate<Tx>(kit: Kit<Tx>, input: unknown) {
  const { settings } = kit
  const read = readUnsubscribe(settings.keys, checked(signedShape, input).signed)
  const found = read && (await settings.storage.find({ id: read.id }))
  if (!read || !found) throw fail('invite_not_found', {})
  const invite = await findInvite(settings, found, undefined)
  const address = addressBehind(kit, invite, read.mark)
  const marks = [...new Set([read.mark, ...(address === null ? [] : marksOf(settings, address.key))])]
  return { invite, address, mark: read.mark, those: { organizationId: invite.organizationId, marks } }
}

/** Which of the invite's addresses the mark stands for; null once they are erased, or the key is gone. */
function addressBehind<Tx>({ settings }: Kit<Tx>, invite: InviteRecord, mark: string) {
  if (invite.kind === 'open') return null
  const { emailKey, phoneKey } = invite.recipient
  const known = [
    ...(emailKey === null ? [] : [{ key: emailKey, shown: maskEmail(emailKey) }]),
    ...(phoneKey === null ? [] : [{ key: phoneKey, shown: maskPhone(phoneKey) }]),
  ]
  return known.find(({ key }) => marksOf(settings, key).includes(mark)) ?? null
}

export async function look<Tx>(kit: Kit<Tx>, input: unknown): Promise<Unsubscribing> {
  const { invite, address, those } = await locate(kit, input)
  const { organization: name } = await namesOf(kit.settings, invite)
  return {
    organization: { id: invite.organizationId, name },
    recipient: address?.shown ?? null,
    locale: invite.kind === 'open' ? null : invite.recipient.locale,
    suppressed: await isSuppressed(kit, those),
  }
}

export async function stop<Tx>(kit: Kit<Tx>, input: unknown): Promise<void> {
  const { address, mark, those } = await locate(kit, input)
  const today = address === null ? mark : markOf(kit.settings.keys[0], address.key)
  await kit.settings.storage.suppressions.add({ ...those, marks: [today] }, nowOf(kit.settings))
}

export async function resume<Tx>(kit: Kit<Tx>, input: unknown): Promise<void> {
  const { those } = await locate(kit, input)
  await kit.settings.storage.suppressions.remove(those)
}
