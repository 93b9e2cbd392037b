// The signed text in an unsubscribe link. It has a derived key of its own: no token passes for it, and it passes for no token.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type InviteId, toInviteId } from './invite.ts'
import type { Key, Keyring } from './token.ts'

/** The invite names the organization; the hash names the address, even after the invite is erased. */
export interface Unsubscribe {
  readonly id: InviteId
  readonly addressHash: string
}

// 16 bytes of id, 18 of address hash, 17 of MAC (136 bits): 51 bytes are 68 characters with no bit left over, so that each has
// exactly one spelling.
const idBytes = 16
const bodyBytes = 34
const textLength = 68

const sign = (key: Key, body: Uint8Array) => createHmac('sha256', key.unsubscribe).update(body).digest().subarray(0, 17)

export function unsubscribeOf(key: Key, { id, addressHash }: Unsubscribe): string {
  const body = Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), Buffer.from(addressHash, 'base64url')])
  return Buffer.concat([body, sign(key, body)]).toString('base64url')
}

/** What the text contains, if one of the keys signed it; null for anything else. */
export function readUnsubscribe(keys: Keyring, text: string): Unsubscribe | null {
  if (text.length !== textLength || !/^[A-Za-z0-9_-]+$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64url')
  const body = bytes.subarray(0, bodyBytes)
  const isOurs = keys.some(key => timingSafeEqual(sign(key, body), bytes.subarray(bodyBytes)))
  const hex = body.toString('hex', 0, idBytes)
  const id = toInviteId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
  return isOurs && id !== null ? { id, addressHash: body.toString('base64url', idBytes) } : null
}
