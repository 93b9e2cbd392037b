// Finds the invite that an invitee's call names by a token, a code or an id.

import { fail, invalid } from '../api/error.ts'
import type { Services } from '../commit/services.ts'
import type { LookUpOptions } from '../commit/speculation/speculation.ts'
import { type Actor, idOf } from '../domain/actor.ts'
import type { Proof } from '../domain/command.ts'
import type { InviteId, InviteRecord } from '../domain/invite.ts'
import { codeHashOf, readToken, toCode } from '../domain/token.ts'
import { inviteIdFrom } from '../input/invite-id.ts'
import type { InviteRef } from '../ports/storage/lists.ts'
import { anything, optional, text } from '../validation/validators.ts'
import { limitCodeAttempts } from './rate-limits.ts'

export const selectors = {
  token: optional(text(2000), undefined),
  code: optional(text(100), undefined),
  id: anything,
}

interface Located extends InviteRef {
  readonly proof: Proof
  /** Null when the storage answered the organization only. */
  readonly invite: InviteRecord | null
}

type LocateOptions<Tx> = LookUpOptions<Tx> & { readonly actor: Actor }

/** A forged token is refused before any query. */
export async function locate<Tx>(
  services: Services<Tx>,
  input: Record<string, unknown>,
  options: LocateOptions<Tx>,
): Promise<Located> {
  const given = ['token', 'code', 'id'].filter(key => input[key] !== undefined)
  if (given.length !== 1) {
    const detail = given.length === 0 ? 'needs a token, a code or an id' : `has more than one of ${given.join(', ')}`
    throw invalid([{ path: '', detail }])
  }
  const { token, code, id } = input
  if (typeof token === 'string') {
    const read = readToken(services.settings.keys, token)
    if (!read) throw fail('invite_not_found', {})
    return { ...(await byId(services, read.id, options)), proof: { by: 'token', generation: read.generation } }
  }
  if (typeof code === 'string') return byCode(services, code, options)
  return { ...(await byId(services, inviteIdFrom(id), options)), proof: { by: 'id' } }
}

async function byCode<Tx>({ settings }: Services<Tx>, input: string, { actor, tx }: LocateOptions<Tx>): Promise<Located> {
  const code = toCode(input)
  const codeHashes = code === null ? [] : settings.keys.map(key => codeHashOf(key, code))
  const find = async () => (code === null ? null : settings.storage.find({ codeHashes }, tx))
  const found = await limitCodeAttempts(settings, idOf(actor), find, tx)
  if (!found) throw fail('invite_not_found', {})
  return { ...found, invite: null, proof: { by: 'code', hashes: codeHashes } }
}

async function byId<Tx>({ lookUpInvite }: Services<Tx>, id: InviteId, options: LocateOptions<Tx>) {
  const found = await lookUpInvite(id, options)
  if (!found) throw fail('invite_not_found', {})
  return { id, ...found }
}
