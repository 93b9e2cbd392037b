// What the pages say, and in which language. The shape is the same for each: a language that forgets a sentence does
// not compile.
import type { Html } from '../../html.ts'
import type { State } from '../state.ts'

/** Values that sentences are made with; null is unknown. */
export interface Told {
  readonly organization: Html | null
  readonly inviter: Html | null
  /** Masked. */
  readonly recipient: Html | null
  /** Masked. */
  readonly account: Html | null
}

export interface Saying {
  /** Null where the page is headed by the invite itself. */
  readonly title: string | null
  readonly text: Html
}

export interface Sentences {
  readonly language: string
  readonly rtl: boolean
  readonly headline: (inviter: Html | null, organization: Html | null) => Html
  readonly role: string
  /** Role names that everybody has; others are shown as they are. */
  readonly roles: Readonly<Record<string, string>>
  readonly until: string
  readonly account: string
  readonly accept: string
  readonly decline: string
  readonly goOn: string
  readonly askNew: string
  readonly switchAccount: string
  readonly again: string
  readonly toApp: string
  readonly roleChanged: string
  /** Instead of the way to sign in, when the host gave none. */
  readonly signInFirst: (app: Html | null) => Html
  readonly says: (told: Told) => Readonly<Record<State, Saying>>
}
