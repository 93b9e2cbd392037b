// Who makes a call, as the rules see it: from the host's own authentication, never from a body.
import type { EmailKey, PhoneKey } from './address.ts'

/** Only addresses that the host has verified count; `claimed` ones can still tell a person what to do next. */
export interface Person {
  readonly userId: string | null
  readonly role: string | null
  readonly name: string | null
  readonly email: { readonly text: string; readonly key: EmailKey; readonly verified: boolean } | null
  readonly phone: { readonly key: PhoneKey; readonly verified: boolean } | null
}

/** `'system'` is the host itself: role rules do not apply to it, limits do. */
export type Actor = 'system' | Person

export const idOf = (actor: Actor): string | null => (actor === 'system' ? null : actor.userId)
