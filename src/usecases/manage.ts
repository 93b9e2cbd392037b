// The inviter's calls on an invite that exists: resend, revoke, update, link, erase.

import { fail, InviteError, invalid } from '../api/error.ts'
import { rulesOf } from '../commit/decide-batch.ts'
import { findInvite } from '../commit/facts-query.ts'
import type { Services } from '../commit/services.ts'
import type { Command } from '../domain/command.ts'
import { checkTransition, refuseRole } from '../domain/decide/decision.ts'
import { addressFrom } from '../input/addresses.ts'
import { type CallContext, callerFrom, contextFrom } from '../input/caller.ts'
import { inviteIdFrom } from '../input/invite-id.ts'
import { resendShape, revokeShape, updateShape } from '../input/shapes.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import { byId } from '../validation/fields.ts'
import { checkMetadata } from '../validation/metadata.ts'
import { anything, checked, given, object, optional, text } from '../validation/validators.ts'
import { type Links, linksOf } from '../views/links.ts'
import { execute, inviteResult } from './execute.ts'

export async function resend<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await callerFrom(services, context)
  const { id, rotate, channels, expiresIn } = checked(resendShape, input)
  const command = { type: 'resend', id: inviteIdFrom(id), actor: caller.actor, rotate, channels, lifetime: expiresIn } as const
  return inviteResult(await execute(services, caller, command, { name: 'resend', key: context?.idempotencyKey, input }))
}

export async function revoke<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await callerFrom(services, context)
  const { id, reason } = checked(revokeShape, input)
  const command = { type: 'revoke', id: inviteIdFrom(id), actor: caller.actor, reason } as const
  return inviteResult(await execute(services, caller, command, { name: 'revoke', key: context?.idempotencyKey, input }))
}

export async function update<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await callerFrom(services, context)
  const { id, role, expiresIn, metadata, recipient } = checked(updateShape, input)
  const names = recipient === undefined ? undefined : given(recipient)
  const changes = given({
    role,
    lifetime: expiresIn,
    metadata: metadata === undefined ? undefined : await checkMetadata(services.settings.metadata, metadata, 'metadata'),
    names,
  }) as Extract<Command, { type: 'update' }>['changes']
  const command = { type: 'update', id: inviteIdFrom(id), actor: caller.actor, changes } as const
  return inviteResult(await execute(services, caller, command, { name: 'update', key: context?.idempotencyKey, input }))
}

export async function link<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<Links> {
  const caller = await callerFrom(services, context)
  const id = inviteIdFrom(checked(byId, input).id)
  const invite = await findInvite(services.settings, { ...caller, id }, caller.tx)
  const forbidden = refuseRole(rulesOf(services.settings, unlimited), caller.actor, invite.role)
  const refused = forbidden ?? checkTransition(invite, 'link', { now: nowOf(services.settings) })
  if (refused && !refused.ok) throw new InviteError(refused.rejection)
  return linksOf(services.settings, invite)
}

const eraseShape = object({
  id: anything,
  email: optional(text(320), undefined),
  phone: optional(text(40), undefined),
})

export async function erase<Tx>(
  services: Services<Tx>,
  input: unknown,
  context: CallContext<Tx>,
): Promise<{ readonly erased: number }> {
  const { id, email, phone } = checked(eraseShape, input)
  if ([id, email, phone].filter(value => value !== undefined).length !== 1) {
    throw invalid([{ path: '', detail: 'needs one of id, email and phone' }])
  }
  if (id !== undefined) {
    const caller = await callerFrom(services, context)
    await execute(services, caller, { type: 'erase', id: inviteIdFrom(id), actor: caller.actor })
    return { erased: 1 }
  }
  const { actor, organizationId, tx } = contextFrom(services, context)
  if (actor !== 'system') throw fail('forbidden', {}, "erasing by address is for 'system': it crosses organizations")
  const address = await addressFrom(services, email, phone)
  const own = organizationId === undefined ? null : await callerFrom(services, context)
  const found = await services.settings.storage.lists.addressed(address, tx)
  const keys = 'email' in address ? { emailKey: address.email, phoneKey: null } : { emailKey: null, phoneKey: address.phone }
  for (const { id, organizationId } of found) {
    const caller = { actor: 'system', organizationId, tx } as const
    await execute(services, caller, { type: 'erase', id, actor: caller.actor, address: keys })
  }
  if (own !== null) await execute(services, own, { type: 'member.forget', actor: own.actor, address: keys })
  return { erased: found.length }
}
