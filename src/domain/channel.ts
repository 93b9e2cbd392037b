// Channels: which address of a recipient each of them writes to.
import type { InviteRecord } from './invite.ts'

/** Which address a channel writes to. */
export type AddressKind = 'email' | 'phone'

/** The address that such a channel writes to, as a comparable key; null for an open invite, or once it is erased. */
export function addressAt(invite: InviteRecord, kind: AddressKind | undefined): string | null {
  if (invite.kind === 'open') return null
  return kind === 'email' ? invite.recipient.emailKey : invite.recipient.phoneKey
}
