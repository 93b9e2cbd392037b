// The secrets that sign webhooks, checked and decoded. No message contains a secret.
import { type Refuse, refuseAs, unsetHint } from '../../../src/core.ts'
import type { WebhookOptions } from './options.ts'

export const refuse: Refuse = refuseAs('webhookSink')

const minBytes = 24

/** The decoded secrets. The smile format has room for one signature, so it takes one secret. */
export function checkSecrets(
  given: WebhookOptions['secret'],
  format: 'standard' | 'smile' = 'standard',
): readonly Uint8Array[] {
  const secrets = typeof given === 'string' || given instanceof Uint8Array ? [given] : given
  if (!Array.isArray(secrets) || secrets.length === 0) refuse(`\`secret\` is missing: ${recipe[format]}${unsetHint(given)}`)
  if (format === 'smile' && secrets.length > 1)
    refuse('`secret`: the smile format has room for one signature, so give one secret.')
  return secrets.map(
    secret =>
      toKey(secret, format) ?? refuse(`\`secret\` must be at least ${minBytes} bytes: ${recipe[format]}${unsetHint(secret)}`),
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

/** Null unless the base64 is canonical: another decoder, at the receiver, could refuse it or read other bytes. */
function fromText(text: string): Uint8Array | null {
  const base64 = text.startsWith('whsec_') ? text.slice('whsec_'.length) : ''
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : null
}
