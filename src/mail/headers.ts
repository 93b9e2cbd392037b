// The headers for one-click unsubscribe, and the address at which a provider reports what became of a message.

import { addressAt } from '../domain/channel.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { addressHashOf } from '../domain/token.ts'
import { unsubscribeOf } from '../domain/unsubscribe-token.ts'
import type { Settings } from '../options/settings.ts'
import type { MessageRow } from '../ports/storage/rows.ts'
import type { OutgoingMessage } from '../ports/transport.ts'

export function headersOf<Tx>(
  settings: Settings<Tx>,
  invite: InviteRecord,
  { id, target, addressHash }: MessageRow,
): Pick<OutgoingMessage, 'headers' | 'callbackUrl'> {
  const { publicUrl, addressKinds, transports } = settings
  // A message without an address hash goes to somebody else than the recipient, such as an expiry notice to the inviter.
  const address = addressHash !== null && addressKinds.get(target) === 'email' ? addressAt(invite, 'email') : null
  const callbackUrl = `${publicUrl}/callbacks/${encodeURIComponent(target)}?id=${id}`
  return {
    headers: address === null ? {} : unsubscribeHeaders(settings, invite, address),
    ...(transports.get(target)?.receive ? { callbackUrl } : {}),
  }
}

/** RFC 2369 and RFC 8058: the mail client shows a button, and unsubscribes by a POST without opening a page. */
function unsubscribeHeaders<Tx>({ publicUrl, keys: [key] }: Settings<Tx>, { id }: InviteRecord, address: string) {
  return {
    'List-Unsubscribe': `<${publicUrl}/u/${unsubscribeOf(key, { id, addressHash: addressHashOf(key, address) })}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
