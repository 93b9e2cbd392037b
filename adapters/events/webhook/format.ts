// The two formats of a webhook, `standard` and `smile`: the body of an event, and the headers that sign it.
import { createHmac } from 'node:crypto'
import type { InviteEvent, InviteEventType } from '../../../src/core.ts'

export type Headers = Readonly<Record<string, string>>

/** Each type of event, and its name in the `smile` format; null where that format has none. */
export const known: Readonly<Record<InviteEventType, string | null>> = {
  'invite.created': null,
  'invite.sent': 'INVITE_INVITED',
  'invite.delivery_failed': null,
  'invite.resent': null,
  'invite.updated': null,
  'invite.opened': null,
  'invite.accepted': 'INVITE_LINKED',
  'invite.declined': null,
  'invite.revoked': null,
  'invite.expired': null,
  'invite.renewal_requested': null,
  'invite.erased': null,
}

export const isKnown = (type: string): type is InviteEventType => Object.hasOwn(known, type)

/** Field by field, so that a field which is added to events is not sent without a decision. */
export const toStandard = ({ id, type, timestamp, organizationId, sequence, data }: InviteEvent): object => ({
  id,
  type,
  timestamp,
  organizationId,
  sequence,
  data: { invite: data.invite, actor: data.actor, previousStatus: data.previousStatus },
})

/**
 * As Smile's clients expect it. A resend is another `invite.sent`, but INVITE_INVITED happens once for each invite. So its
 * id is made from the invite's id, and a receiver that ignores known ids ignores the second one.
 */
export const toSmile = ({ id, type, timestamp, organizationId, data: { invite } }: InviteEvent, tenant?: string): object => ({
  id: `et-${hex(type === 'invite.sent' ? invite.id : id)}`,
  version: 1,
  type: known[type],
  createdAt: timestamp.toISOString().replace(/\.\d+Z$/, 'Z'),
  data: { userId: `${tenant ?? organizationId}-${hex(invite.inviteeId)}`, inviteId: `iv-${hex(invite.id)}` },
})

const hex = (uuid: string) => uuid.replaceAll('-', '')

/** The headers of standardwebhooks.com: one signature by each secret, over id, time and body. */
export function signStandard(secrets: readonly Uint8Array[], id: string, body: Buffer): Headers {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signatures = secrets.map(secret => createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map(hmac => `v1,${hmac.digest('base64')}`).join(' '),
  }
}

/** Smile's header: one signature, over the body. */
export const signSmile = ([secret]: readonly Uint8Array[], body: Buffer): Headers =>
  secret === undefined ? {} : { 'Smile-Signature': createHmac('sha512', secret).update(body).digest('hex') }
