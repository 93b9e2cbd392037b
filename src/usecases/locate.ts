// Which invite a call of the invitee means, by a token, a code or an id, and what is known of it.

import { fail, invalid } from '../api/error.ts'
import type { Kit } from '../commit/services.ts'
import { guessesOf } from '../commit/speculation.ts'
import { type Doer, idOf } from '../domain/actor.ts'
import type { Proof } from '../domain/command.ts'
import type { InviteId } from '../domain/invite.ts'
import { codeHashOf, readToken, toCode } from '../domain/token.ts'
import { idFrom } from '../input/invite-id.ts'
import type { Found } from '../ports/storage/lists.ts'
import type { Known } from '../ports/storage/speculation.ts'
import { anything, optional, text } from '../validation/validators.ts'
import { tryCode } from './code-attempts.ts'

export const selectors = {
  token: optional(text(2000), undefined),
  code: optional(text(100), undefined),
  id: anything,
}

interface Located extends Found {
  readonly proof: Proof
  /** What was seen of it, where that is asked together. */
  readonly known: Known | null
}

interface Locating<Tx> {
  readonly doer: Doer
  readonly tx: Tx | undefined
  /** Who is about to accept it. */
  readonly userId?: string | null
  /** It is to be shown: as it is now, and not as it was when it was shown before. */
  readonly fresh?: boolean
}

/** A forged token is refused before any query. */
export async function locate<Tx>(kit: Kit<Tx>, input: Record<string, unknown>, who: Locating<Tx>): Promise<Located> {
  const { settings } = kit
  const given = ['token', 'code', 'id'].filter(key => input[key] !== undefined)
  if (given.length !== 1) {
    const detail = given.length === 0 ? 'needs a token, a code or an id' : `has more than one of ${given.join(', ')}`
    throw invalid([{ path: '', detail }])
  }
  const { token, code, id } = input
  if (typeof token === 'string') {
    const read = readToken(settings.keys, token)
    if (!read) throw fail('invite_not_found', {})
    return { ...(await lookUp(kit, read.id, who)), proof: { by: 'token', generation: read.generation } }
  }
  if (typeof code === 'string') {
    const meant = toCode(code)
    const codeHashes = meant === null ? [] : settings.keys.map(key => codeHashOf(key, meant))
    const find = async () => (meant === null ? null : settings.storage.find({ codeHashes }, who.tx))
    const found = await tryCode(settings, idOf(who.doer), find, who.tx)
    if (!found) throw fail('invite_not_found', {})
    return { ...found, known: null, proof: { by: 'code', hashes: codeHashes } }
  }
  return { ...(await lookUp(kit, idFrom(id), who)), proof: { by: 'id' } }
}

/** Whose invite it is. */
async function lookUp<Tx>({ settings, previewed }: Kit<Tx>, id: InviteId, { userId = null, fresh = false, tx }: Locating<Tx>) {
  const guesses = tx === undefined ? guessesOf(settings) : null
  const known = guesses && ((fresh ? null : previewed.take(id, userId)) ?? (await guesses.look(id, userId)))
  const found = guesses ? known?.invite : await settings.storage.find({ id }, tx)
  if (!found) throw fail('invite_not_found', {})
  return { id, organizationId: found.organizationId, known }
}
