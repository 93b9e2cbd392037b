// The actor of a call, as the rules see it. It comes from the host's authentication, never from a request body.
import type { EmailKey, PhoneKey } from './address.ts'

/** Only a verified address proves who somebody is. An unverified match makes the refusal `email_unverified`. */
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
