// What goes around a message: how its recipient ends the messages, and where its provider reports to.

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
  // Without a mark it is to somebody else than the recipient.
  const address = addressHash !== null && addressKinds.get(target) === 'email' ? addressAt(invite, 'email') : null
  const callbackUrl = `${publicUrl}/callbacks/${encodeURIComponent(target)}?id=${id}`
  return {
    headers: address === null ? {} : unsubscribeHeaders(settings, invite, address),
    ...(transports.get(target)?.receive ? { callbackUrl } : {}),
  }
}

/** RFC 2369 and RFC 8058: the mail client shows a button, and its POST needs no page. */
function unsubscribeHeaders<Tx>({ publicUrl, keys: [key] }: Settings<Tx>, { id }: InviteRecord, address: string) {
  return {
    'List-Unsubscribe': `<${publicUrl}/u/${unsubscribeOf(key, { id, addressHash: addressHashOf(key, address) })}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}
