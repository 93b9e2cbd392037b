// Turns the secrets of the options into bytes. No error message has a secret in it.
import type { WebhookOptions } from './options.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`webhookSink: ${sentence}`)
}

/** A hint for a missing value, to put behind a sentence: it begins with a space. Empty for a value that is there. */
export const unset = (value: unknown): string =>
  value === undefined || value === '' ? ` It is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?` : ''

const minBytes = 24

/** Throws for a secret that is too short or not decodable, and for several where the format has one signature. */
export function checkSecrets(given: WebhookOptions['secret'], format: 'standard' | 'smile'): readonly Uint8Array[] {
  const secrets = typeof given === 'string' || given instanceof Uint8Array ? [given] : given
  if (!Array.isArray(secrets) || secrets.length === 0) stop(`\`secret\` is missing: ${recipe[format]}${unset(given)}`)
  if (format === 'smile' && secrets.length > 1)
    stop('`secret`: the smile format has room for one signature, so give one secret.')
  return secrets.map(
    secret => toKey(secret, format) ?? stop(`\`secret\` must be at least ${minBytes} bytes: ${recipe[format]}${unset(secret)}`),
  )
}

const recipe = {
  standard: 'whsec_ and base64, or bytes; `echo whsec_$(openssl rand -base64 32)` makes one.',
  smile: 'a text, taken as it stands, or bytes; `openssl rand -hex 32` makes one.',
}

function toKey(secret: unknown, format: 'standard' | 'smile'): Uint8Array | null {
  const bytes = typeof secret === 'string' ? (format === 'smile' ? Buffer.from(secret) : fromText(secret)) : secret
  return bytes instanceof Uint8Array && bytes.length >= minBytes ? Uint8Array.from(bytes) : null
}

/** Null for base64 that is not canonical: a receiver's decoder may refuse it, or decode it to other bytes. */
function fromText(text: string): Uint8Array | null {
  const base64 = text.startsWith('whsec_') ? text.slice('whsec_'.length) : ''
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : null
}
