// The host's secret keys: read from the options, found by their id, and used to hash addresses.
import type { InvitesOptions } from '../api/options.ts'
import { addressHashOf, type Key, type Keyring, toKey, toSecret } from '../domain/token.ts'
import { unsetHint } from '../validation/known-options.ts'
import { refuse } from './numbers.ts'

interface WithKeys {
  readonly keys: Keyring
}

/** The key that signed an invite. Null when the host has removed it from `keys`. */
export const keyOf = ({ keys }: WithKeys, keyId: string): Key | null => keys.find(key => key.id === keyId) ?? null

/** The hashes of an address, one for each key: an older key may have made the stored one. */
export const addressHashesOf = ({ keys }: WithKeys, address: string): readonly string[] =>
  keys.map(key => addressHashOf(key, address))

export function checkKeys(keys: InvitesOptions<unknown>['keys']): Keyring {
  if (typeof keys === 'string' || keys instanceof Uint8Array)
    refuse('`keys` is a list, such as [process.env.INVITE_KEY]: a new key goes in front of the old one.')
  const [first, ...rest] = Array.isArray(keys) ? keys.map(checkKey) : []
  if (first === undefined) return refuse('`keys` needs at least one secret; `openssl rand -hex 32` makes one.')
  const ids = [first, ...rest].map(({ id }) => id)
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) < index)
  if (repeated !== -1) refuse(`\`keys[${repeated}]\` is there before: each key stands in \`keys\` once.`)
  return [first, ...rest]
}

function checkKey(key: unknown, index: number): Key {
  const secret = typeof key === 'string' || key instanceof Uint8Array ? toSecret(key) : null
  if (secret) return toKey(secret)
  return refuse(
    `\`keys[${index}]\` must be at least 32 bytes, as hex or base64url text or as bytes; \`openssl rand -hex 32\` makes one.${unsetHint(key)}`,
  )
}
