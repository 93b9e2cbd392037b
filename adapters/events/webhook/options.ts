// The options of webhookSink.
import type { InviteEventType } from '../../../src/core.ts'

export interface WebhookOptions {
  /** An https address, without user or password. Redirects are not followed. */
  readonly url: string
  /**
   * What signs: at least 24 bytes, as `whsec_` and base64, or as bytes. Several sign each message, so that the receiver can
   * change from one to the next. The `smile` format has one, and takes a text as it stands.
   */
  readonly secret: string | Uint8Array | readonly (string | Uint8Array)[]
  /** Which events to send. Default: all that the format knows. */
  readonly events?: readonly InviteEventType[] | undefined
  /** `standard` (default): standardwebhooks.com. `smile`: INVITE_INVITED and INVITE_LINKED, as Smile's clients expect them. */
  readonly format?: 'standard' | 'smile' | undefined
  /** Hosts and address ranges (`10.0.0.0/8`) that may be private or plain http. Default: none. */
  readonly allow?: readonly string[] | undefined
  /** Names this sink in the outbox: keep it the same over deployments. Default `'webhook'`. */
  readonly name?: string | undefined
  /** Begins the user ids of the `smile` format. Default: the organization's id. */
  readonly tenant?: string | undefined
}
