// Verifies `X-Twilio-Signature`: HMAC-SHA1 in base64, over the address that Twilio called and the form fields that it sent.
import { Buffer } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedRequest {
  /** The address as Twilio called it, with its query. */
  readonly url: string
  /** The form fields; null for a body of another type, whose digest is in the query. */
  readonly fields: URLSearchParams | null
  readonly body: Uint8Array
  readonly signature: string
}

/** Tries each token with each form of the address, and compares in constant time. */
export function isSigned({ url, fields, body, signature }: SignedRequest, tokens: readonly string[]): boolean {
  const digest = new URL(url).searchParams.get('bodySHA256')
  if (fields === null && (digest === null || !isSame(digest.toLowerCase(), digestOf(body)))) return false
  const suffix = fields === null ? '' : concatenate(fields)
  return tokens.some(token => withAndWithoutPort(url).some(form => isSame(signature, signatureOf(token, form + suffix))))
}

const signatureOf = (token: string, text: string): string => createHmac('sha1', token).update(text).digest('base64')

const digestOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

/** Names in byte order, each followed by its value. A name with several values comes once for each different value, sorted. */
function concatenate(fields: URLSearchParams): string {
  const names = [...new Set(fields.keys())].sort()
  return names.flatMap(name => [...new Set(fields.getAll(name))].sort().map(value => name + value)).join('')
}

/** Twilio may sign the default port although the address does not have it, and may leave out another port that it has. */
function withAndWithoutPort(text: string): readonly string[] {
  const { protocol, host, hostname, port } = new URL(text)
  const pathStart = text.indexOf('/', protocol.length + 2)
  const [origin, path] = pathStart === -1 ? [text, ''] : [text.slice(0, pathStart), text.slice(pathStart)]
  const defaultPort = protocol === 'https:' ? '443' : '80'
  const otherHost = port === '' ? `${hostname}:${defaultPort}` : hostname
  return [text, `${origin.slice(0, origin.length - host.length)}${otherHost}${path}`]
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
