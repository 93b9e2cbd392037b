// Suppressions (addresses that get no messages): set by the host, or by the recipient through the signed link in a mail.

import { fail, invalid } from '../api/error.ts'
import type { SuppressionPreview } from '../api/suppressions.ts'
import { findInvite } from '../commit/facts-query.ts'
import type { Services } from '../commit/services.ts'
import { maskEmail, maskPhone } from '../domain/address.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { addressHashOf } from '../domain/token.ts'
import { readUnsubscribe } from '../domain/unsubscribe-token.ts'
import { addressFrom } from '../input/addresses.ts'
import { type CallContext, callerFrom, contextFrom } from '../input/caller.ts'
import { addressHashesOf } from '../options/keys.ts'
import { nowOf } from '../options/settings.ts'
import type { AddressHashes } from '../ports/storage/suppressions.ts'
import { checked, object, optional, text } from '../validation/validators.ts'
import { namesOf } from '../views/names.ts'

const addressShape = object({ email: optional(text(320), undefined), phone: optional(text(40), undefined) })

export async function add<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const { organizationId, address } = await suppressionFrom(services, input, context)
  await services.settings.storage.suppressions.add(
    { organizationId, addressHashes: [addressHashOf(services.settings.keys[0], address)] },
    nowOf(services.settings),
  )
}

export async function remove<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const { organizationId, address } = await suppressionFrom(services, input, context)
  await services.settings.storage.suppressions.remove({
    organizationId,
    addressHashes: addressHashesOf(services.settings, address),
  })
}

export async function has<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<boolean> {
  const { organizationId, address } = await suppressionFrom(services, input, context)
  return isSuppressed(services, { organizationId, addressHashes: addressHashesOf(services.settings, address) })
}

async function suppressionFrom<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { email, phone } = checked(addressShape, input)
  if ((email === undefined) === (phone === undefined)) throw invalid([{ path: '', detail: 'needs one of email and phone' }])
  if (contextFrom(services, context, ['actor', 'organizationId']).actor !== 'system')
    throw fail('forbidden', {}, "suppressions are for 'system': they are the recipient's to decide")
  const { organizationId } = await callerFrom(services, context)
  const address = await addressFrom(services, email, phone)
  return { organizationId, address: 'email' in address ? address.email : address.phone }
}

async function isSuppressed<Tx>({ settings }: Services<Tx>, suppression: AddressHashes): Promise<boolean> {
  const [found = []] = await settings.storage.suppressions.find([suppression])
  return found.length > 0
}

const signedShape = object({ signed: text(2000) })

/** The invite and the address that a signed link is for. A forged link is refused before any query. */
async function findSigned<Tx>(services: Services<Tx>, input: unknown) {
  const { settings } = services
  const read = readUnsubscribe(settings.keys, checked(signedShape, input).signed)
  const found = read && (await settings.storage.find({ id: read.id }))
  if (!read || !found) throw fail('invite_not_found', {})
  const invite = await findInvite(settings, found, undefined)
  const address = addressBehind(services, invite, read.addressHash)
  const addressHashes = [...new Set([read.addressHash, ...(address === null ? [] : addressHashesOf(settings, address.key))])]
  const suppression = { organizationId: invite.organizationId, addressHashes }
  return { invite, address, addressHash: read.addressHash, suppression }
}

/** The invite's address with this hash; null once it is erased, or the key that hashed it is gone. */
function addressBehind<Tx>({ settings }: Services<Tx>, invite: InviteRecord, addressHash: string) {
  if (invite.kind === 'open') return null
  const { emailKey, phoneKey } = invite.recipient
  const addresses = [
    ...(emailKey === null ? [] : [{ key: emailKey, masked: maskEmail(emailKey) }]),
    ...(phoneKey === null ? [] : [{ key: phoneKey, masked: maskPhone(phoneKey) }]),
  ]
  return addresses.find(({ key }) => addressHashesOf(settings, key).includes(addressHash)) ?? null
}

export async function preview<Tx>(services: Services<Tx>, input: unknown): Promise<SuppressionPreview> {
  const { invite, address, suppression } = await findSigned(services, input)
  const { organization: name } = await namesOf(services.settings, invite)
  return {
    organization: { id: invite.organizationId, name },
    recipient: address?.masked ?? null,
    locale: invite.kind === 'open' ? null : invite.recipient.locale,
    suppressed: await isSuppressed(services, suppression),
  }
}

export async function unsubscribe<Tx>(services: Services<Tx>, input: unknown): Promise<void> {
  const { address, addressHash, suppression } = await findSigned(services, input)
  const current = address === null ? addressHash : addressHashOf(services.settings.keys[0], address.key)
  await services.settings.storage.suppressions.add({ ...suppression, addressHashes: [current] }, nowOf(services.settings))
}

export async function resubscribe<Tx>(services: Services<Tx>, input: unknown): Promise<void> {
  const { suppression } = await findSigned(services, input)
  await services.settings.storage.suppressions.remove(suppression)
}
