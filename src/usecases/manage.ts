// The inviter's calls on an invite that exists: resend, revoke, update, link, erase.

import { fail, InviteError, invalid } from '../api/error.ts'
import { findInvite } from '../commit/find-invite.ts'
import { rulesOf } from '../commit/rules.ts'
import type { Kit } from '../commit/services.ts'
import type { Command } from '../domain/command.ts'
import { refuseRole, settled } from '../domain/decide/decision.ts'
import { addressFrom } from '../input/addresses.ts'
import { type AnyContext, contextOf, placeOf } from '../input/caller.ts'
import { idFrom } from '../input/invite-id.ts'
import { resendShape, revokeShape, updateShape } from '../input/shapes.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import { byId } from '../validation/fields.ts'
import { checkMetadata } from '../validation/metadata.ts'
import { anything, checked, given, object, optional, text } from '../validation/validators.ts'
import { type Links, linksOf } from '../views/links.ts'
import { type Performed, perform } from './execute.ts'

export async function resend<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Performed> {
  const place = await placeOf(kit, context)
  const { id, rotate, channels, expiresIn } = checked(resendShape, input)
  const command = { type: 'resend', id: idFrom(id), doer: place.doer, rotate, channels, lifetime: expiresIn } as const
  return perform(kit, place, command, { name: 'resend', key: context?.idempotencyKey, input })
}

export async function revoke<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Performed> {
  const place = await placeOf(kit, context)
  const { id, reason } = checked(revokeShape, input)
  const command = { type: 'revoke', id: idFrom(id), doer: place.doer, reason } as const
  return perform(kit, place, command, { name: 'revoke', key: context?.idempotencyKey, input })
}

export async function update<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Performed> {
  const place = await placeOf(kit, context)
  const { id, role, expiresIn, metadata, recipient } = checked(updateShape, input)
  const names = recipient === undefined ? undefined : given(recipient)
  const changes = given({
    role,
    lifetime: expiresIn,
    metadata: metadata === undefined ? undefined : await checkMetadata(kit.settings.metadata, metadata, 'metadata'),
    names,
  }) as Extract<Command, { type: 'update' }>['changes']
  const command = { type: 'update', id: idFrom(id), doer: place.doer, changes } as const
  return perform(kit, place, command, { name: 'update', key: context?.idempotencyKey, input })
}

export async function link<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Links> {
  const place = await placeOf(kit, context)
  const id = idFrom(checked(byId, input).id)
  const invite = await findInvite(kit.settings, { ...place, id }, place.tx)
  const forbidden = refuseRole(rulesOf(kit.settings, unlimited), place.doer, invite.role)
  const refused = forbidden ?? settled(invite, 'link', { now: nowOf(kit.settings) })
  if (refused && !refused.ok) throw new InviteError(refused.rejection)
  return linksOf(kit.settings, invite)
}

const eraseShape = object({
  id: anything,
  email: optional(text(320), undefined),
  phone: optional(text(40), undefined),
})

export async function erase<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<{ readonly erased: number }> {
  const { id, email, phone } = checked(eraseShape, input)
  if ([id, email, phone].filter(value => value !== undefined).length !== 1) {
    throw invalid([{ path: '', detail: 'needs one of id, email and phone' }])
  }
  if (id !== undefined) {
    const place = await placeOf(kit, context)
    await perform(kit, place, { type: 'erase', id: idFrom(id), doer: place.doer })
    return { erased: 1 }
  }
  const { actor, organizationId, tx } = contextOf(kit, context)
  if (actor !== 'system') throw fail('forbidden', {}, "erasing by address is for 'system': it crosses organizations")
  const address = await addressFrom(kit, email, phone)
  const own = organizationId === undefined ? null : await placeOf(kit, context)
  const found = await kit.settings.storage.lists.addressed(address, tx)
  const keys = 'email' in address ? { emailKey: address.email, phoneKey: null } : { emailKey: null, phoneKey: address.phone }
  for (const { id, organizationId } of found) {
    const place = { doer: 'system', organizationId, tx } as const
    await perform(kit, place, { type: 'erase', id, doer: place.doer, address: keys })
  }
  if (own !== null) await perform(kit, own, { type: 'member.forget', doer: own.doer, address: keys })
  return { erased: found.length }
}
