// Tokens and codes: derived from the id of the invite and the keys, never stored. A forged one is refused before any query.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { customRandom } from 'nanoid'
import { type InviteId, toInviteId } from './invite.ts'

/** One of the host's keys, with one key derived from it for each purpose. */
export interface Key {
  /** Not secret: names the key that signed. Stored with the invite. */
  readonly id: string
  readonly token: Uint8Array
  readonly code: Uint8Array
  readonly codeHash: Uint8Array
  readonly addressHash: Uint8Array
  readonly cursor: Uint8Array
  readonly unsubscribe: Uint8Array
}

export type Keyring = readonly [Key, ...Key[]]

const mac = (key: Uint8Array, data: string | Uint8Array) => createHmac('sha256', key).update(data).digest()

export function toKey(secret: Uint8Array): Key {
  const derive = (purpose: string) => mac(secret, `invitekit/1/${purpose}`)
  return {
    id: derive('id').subarray(0, 6).toString('hex'),
    token: derive('token'),
    code: derive('code'),
    codeHash: derive('code-hash'),
    // Changing a purpose changes every hash and token that was made with it.
    addressHash: derive('mark'),
    cursor: derive('cursor'),
    unsubscribe: derive('unsubscribe'),
  }
}

/** Bytes of a key given as text (base64url or hex) or as bytes; null when it is shorter than 32 bytes or unreadable. */
export function toSecret(key: string | Uint8Array): Uint8Array | null {
  if (typeof key !== 'string') return key.length >= 32 ? key : null
  // Hex that is too short must not pass as base64url: it would be longer in bytes than it is in secret.
  if (/^[0-9a-f]+$/i.test(key)) return key.length >= 64 && key.length % 2 === 0 ? Buffer.from(key, 'hex') : null
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return null
  const bytes = Buffer.from(key, 'base64url')
  return bytes.length >= 32 ? bytes : null
}

export interface Token {
  readonly id: InviteId
  readonly generation: number
  readonly keyId: string
}

// 16 bytes of id, 3 of generation, 17 of MAC (136 bits): 36 bytes are 48 characters with no bit left over,
// so that each token has exactly one spelling.
const idBytes = 16
const bodyBytes = 19
const tokenLength = 48
export const lastGeneration = 0xff_ff_ff

export function tokenOf(key: Key, id: InviteId, generation: number): string {
  const body = Buffer.alloc(bodyBytes)
  body.write(id.replaceAll('-', ''), 'hex')
  body.writeUIntBE(generation, idBytes, 3)
  return Buffer.concat([body, mac(key.token, body).subarray(0, 17)]).toString('base64url')
}

/** What the token contains, if one of the keys signed it; null for anything else. */
export function readToken(keys: Keyring, text: string): Token | null {
  if (text.length !== tokenLength || !/^[A-Za-z0-9_-]+$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64url')
  const body = bytes.subarray(0, bodyBytes)
  const key = keys.find(({ token }) => timingSafeEqual(mac(token, body).subarray(0, 17), bytes.subarray(bodyBytes)))
  const hex = body.toString('hex', 0, idBytes)
  const id = toInviteId(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
  return key === undefined || id === null ? null : { id, generation: body.readUIntBE(idBytes, 3), keyId: key.id }
}

// Crockford's Base32, 5 bits each: without I, L, O and U, so that misread characters can be corrected.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 10

/** The code of this invite and generation: 50 bits, ten characters. */
export function codeOf(key: Key, id: InviteId, generation: number): string {
  const bytes = mac(key.code, `${id}/${generation}`)
  return customRandom(alphabet, codeLength, size => bytes.subarray(0, size))()
}

/** A typed code in canonical form: without blanks and dashes, in upper case, look-alikes corrected; null if it is no code. */
export function toCode(text: string): string | null {
  if (typeof text !== 'string') return null
  const code = text
    .replace(/[\s-]+/g, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return code.length === codeLength && [...code].every(char => alphabet.includes(char)) ? code : null
}

/** The keyed hash by which a code is looked up. */
export const codeHashOf = (key: Key, code: string): string => mac(key.codeHash, code).subarray(0, 18).toString('base64url')

/** The keyed hash of an address, for counting sends and for suppressions: the address itself is not stored there. */
export const addressHashOf = (key: Key, addressKey: string): string =>
  mac(key.addressHash, addressKey).subarray(0, 18).toString('base64url')
