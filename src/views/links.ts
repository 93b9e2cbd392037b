// Links and codes of invites: derived when they are needed, never stored.

import { fail } from '../api/error.ts'
import { inTime } from '../concurrency/timeout.ts'
import type { Actor } from '../domain/actor.ts'
import { type InviteRecord, statusAt } from '../domain/invite.ts'
import { mayGrant } from '../domain/roles.ts'
import { codeOf, tokenOf } from '../domain/token.ts'
import { keyOf } from '../options/keys.ts'
import type { Settings } from '../options/settings.ts'

export interface Links {
  readonly link: string
  readonly code?: string
}

/** The invite's link, and its code if it has one. Throws `unavailable` when the host no longer has the key that signed it. */
export async function linksOf<Tx>(settings: Settings<Tx>, invite: InviteRecord): Promise<Links> {
  const key = keyOf(settings, invite.keyId)
  if (key === null)
    throw fail('unavailable', {}, 'the key of this link is no longer in `keys`; resend the invite for a new link')
  const pattern = invite.linkPattern ?? settings.linkPattern
  const code = invite.codeHash === null ? null : codeOf(key, invite.id, invite.generation)
  const placeholders: Record<string, string> = {
    publicUrl: settings.publicUrl,
    token: tokenOf(key, invite.id, invite.generation),
    code: code ?? '',
    id: invite.id,
    sign: pattern.includes('{sign}') ? await signOf(settings, invite) : '',
  }
  const link = pattern.replace(/\{(\w+)\}/g, (_, name: string) => placeholders[name] ?? '')
  return code === null ? { link } : { link, code }
}

/** `sign-in` for an address that has an account, `sign-up` for one that has none. */
async function signOf<Tx>({ directory, onError }: Settings<Tx>, invite: InviteRecord): Promise<'sign-in' | 'sign-up'> {
  try {
    return (await hasAccount(directory, invite)) === false ? 'sign-up' : 'sign-in'
  } catch (error) {
    // The invite is committed already: a failing directory must not cost the caller its link.
    onError(error, { where: 'directory.hasAccount' })
    return 'sign-in'
  }
}

/** Null for an open invite, and when the host's directory cannot tell. */
export async function hasAccount(directory: Settings['directory'], invite: InviteRecord): Promise<boolean | null> {
  if (!directory.hasAccount || invite.kind === 'open') return null
  const { emailKey, phoneKey } = invite.recipient
  const answer = directory.hasAccount({ email: emailKey ?? undefined, phone: phoneKey ?? undefined })
  return inTime('directory.hasAccount', answer)
}

/** Adds links to those invites of a page that are pending and whose role the actor may grant. */
export async function withLinks<Tx>(
  settings: Settings<Tx>,
  { actor, now }: { readonly actor: Actor; readonly now: Date },
  page: readonly InviteRecord[],
  views: readonly object[],
) {
  return Promise.all(
    page.map(async (invite, index) => {
      const may = actor === 'system' || mayGrant(settings.roles, actor.role, invite.role)
      const works = statusAt(invite, now) === 'pending' && keyOf(settings, invite.keyId) !== null
      return may && works ? { ...views[index], ...(await linksOf(settings, invite)) } : views[index]
    }),
  )
}
