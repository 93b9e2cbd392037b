// The sentences of the pages, as a type. Each language is one file beside this one; a language that lacks a sentence does not
// compile. A new language is its file and its line in `catalogue.ts`.
import type { Html } from '../html.ts'

/**
 * The states of the landing page. `asked`, `said_no` and `joined` follow a form, and `trouble` is every refusal without a state of its own. The others can
 * be shown by opening the link.
 */
export type State =
  | 'signed_out'
  | 'ready'
  | 'mismatch'
  | 'unverified'
  | 'expired'
  | 'asked'
  | 'declined'
  | 'said_no'
  | 'accepted'
  | 'joined'
  | 'already_member'
  | 'full'
  | 'exhausted'
  | 'unauthorized'
  | 'unknown'
  | 'busy'
  | 'trouble'

/** What the sentences of the landing page name. Null is unknown. */
export interface LandingValues {
  readonly organization: Html | null
  readonly inviter: Html | null
  /** Masked. */
  readonly recipient: Html | null
  /** The visitor's own address, in full. */
  readonly account: Html | null
}

export interface LandingText {
  /** Null where the headline of the invite stands instead. */
  readonly title: string | null
  readonly text: Html
}

/** What the sentences of the unsubscribe page name. Null is unknown. */
export interface UnsubscribeValues {
  readonly organization: Html | null
  /** Masked. */
  readonly recipient: Html | null
}

/** `ask`: nothing has changed yet. `stopped`: invites are suppressed. `resumed`: they were, until this visit. */
export type UnsubscribeState = 'ask' | 'stopped' | 'resumed'

export interface UnsubscribeText {
  readonly title: Html
  readonly text: Html
  readonly button: string
}

export interface Sentences {
  /** The primary subtag of a language tag: 'en'. */
  readonly language: string
  readonly rtl: boolean
  readonly headline: (inviter: Html | null, organization: Html | null) => Html
  readonly role: string
  /** Names of the usual roles. Others are shown as the host calls them. */
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
  /** Stands where a link to sign in would, when the host has configured none. */
  readonly signInFirst: (app: Html | null) => Html
  readonly landing: (values: LandingValues) => Readonly<Record<State, LandingText>>
  readonly unsubscribe: {
    readonly states: (values: UnsubscribeValues) => Readonly<Record<UnsubscribeState, UnsubscribeText>>
    /** Of a link that is forged or cut off. */
    readonly unknown: { readonly title: string; readonly text: string }
  }
}
