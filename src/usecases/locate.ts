// Which invite a call of the invitee means, by a token, a code or an id, and what is snapshot of it.

import { fail, invalid } from '../api/error.ts'
import type { Services } from '../commit/services.ts'
import { speculationOf } from '../commit/speculation.ts'
import { type Actor, idOf } from '../domain/actor.ts'
import type { Proof } from '../domain/command.ts'
import type { InviteId } from '../domain/invite.ts'
import { codeHashOf, readToken, toCode } from '../domain/token.ts'
import { inviteIdFrom } from '../input/invite-id.ts'
import type { InviteRef } from '../ports/storage/lists.ts'
import type { InviteSnapshot } from '../ports/storage/speculation.ts'
import { anything, optional, text } from '../validation/validators.ts'
import { limitCodeAttempts } from './code-attempts.ts'

export const selectors = {
  token: optional(text(2000), undefined),
  code: optional(text(100), undefined),
  id: anything,
}

interface Located extends InviteRef {
  readonly proof: Proof
  /** What was seen of it, where that is asked together. */
  readonly snapshot: InviteSnapshot | null
}

interface Locating<Tx> {
  readonly actor: Actor
  readonly tx: Tx | undefined
  /** Who is about to accept it. */
  readonly userId?: string | null
  /** It is to be shown: as it is now, and not as it was when it was shown before. */
  readonly fresh?: boolean
}

/** A forged token is refused before any query. */
export async function locate<Tx>(services: Services<Tx>, input: Record<string, unknown>, who: Locating<Tx>): Promise<Located> {
  const { settings } = services
  const given = ['token', 'code', 'id'].filter(key => input[key] !== undefined)
  if (given.length !== 1) {
    const detail = given.length === 0 ? 'needs a token, a code or an id' : `has more than one of ${given.join(', ')}`
    throw invalid([{ path: '', detail }])
  }
  const { token, code, id } = input
  if (typeof token === 'string') {
    const read = readToken(settings.keys, token)
    if (!read) throw fail('invite_not_found', {})
    return { ...(await lookUp(services, read.id, who)), proof: { by: 'token', generation: read.generation } }
  }
  if (typeof code === 'string') {
    const meant = toCode(code)
    const codeHashes = meant === null ? [] : settings.keys.map(key => codeHashOf(key, meant))
    const find = async () => (meant === null ? null : settings.storage.find({ codeHashes }, who.tx))
    const found = await limitCodeAttempts(settings, idOf(who.actor), find, who.tx)
    if (!found) throw fail('invite_not_found', {})
    return { ...found, snapshot: null, proof: { by: 'code', hashes: codeHashes } }
  }
  return { ...(await lookUp(services, inviteIdFrom(id), who)), proof: { by: 'id' } }
}

/** Whose invite it is. */
async function lookUp<Tx>(
  { settings, previewCache }: Services<Tx>,
  id: InviteId,
  { userId = null, fresh = false, tx }: Locating<Tx>,
) {
  const guesses = tx === undefined ? speculationOf(settings) : null
  const snapshot = guesses && ((fresh ? null : previewCache.take(id, userId)) ?? (await guesses.findWithVersions(id, userId)))
  const found = guesses ? snapshot?.invite : await settings.storage.find({ id }, tx)
  if (!found) throw fail('invite_not_found', {})
  return { id, organizationId: found.organizationId, snapshot }
}
