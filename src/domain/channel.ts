// Channels: which address of a recipient each of them writes to.
import type { InviteRecord } from './invite.ts'

/** Which address a channel writes to. */
export type AddressKind = 'email' | 'phone'

/** The recipient's address that a channel writes to, as it is compared; null once it is erased. */
export function addressAt(invite: InviteRecord, reach: AddressKind | undefined): string | null {
  if (invite.kind === 'open') return null
  return reach === 'email' ? invite.recipient.emailKey : invite.recipient.phoneKey
}
