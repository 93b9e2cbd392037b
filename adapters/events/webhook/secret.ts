// The secrets that sign, from the options to bytes. No message says what one is.
import type { WebhookOptions } from './options.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`webhookSink: ${sentence}`)
}

/** What is most often wrong with a value that is not there. Begins with a space. */
export const unset = (value: unknown): string =>
  value === undefined || value === '' ? ` It is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?` : ''

const minBytes = 24

/** Decoded and long enough; more than one only where the format has room for more signatures. */
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

/** Base64 to the letter: what a receiver's decoder would refuse or read otherwise is none. */
function fromText(text: string): Uint8Array | null {
  const base64 = text.startsWith('whsec_') ? text.slice('whsec_'.length) : ''
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : null
}
