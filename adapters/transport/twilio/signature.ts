// X-Twilio-Signature: HMAC-SHA1 in base64 over the address that Twilio called and the fields that it sent.
import { Buffer } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

export interface Signed {
  /** As Twilio called it, with its query. */
  readonly url: string
  /** The form that it sent; null for a body of another kind, whose digest is in the query. */
  readonly fields: URLSearchParams | null
  readonly body: Uint8Array
  readonly signature: string
}

/** Compared in constant time, under each token and each spelling of the address. */
export function isSigned({ url, fields, body, signature }: Signed, tokens: readonly string[]): boolean {
  const digest = new URL(url).searchParams.get('bodySHA256')
  if (fields === null && (digest === null || !isSame(digest.toLowerCase(), digestOf(body)))) return false
  const rest = fields === null ? '' : written(fields)
  return tokens.some(token => spellings(url).some(spelling => isSame(signature, signatureOf(token, spelling + rest))))
}

const signatureOf = (token: string, text: string): string => createHmac('sha1', token).update(text).digest('base64')

const digestOf = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex')

/** Names in the order of their bytes, each before its value; of a name that comes twice each value once, in order. */
function written(fields: URLSearchParams): string {
  const names = [...new Set(fields.keys())].sort()
  return names.flatMap(name => [...new Set(fields.getAll(name))].sort().map(value => name + value)).join('')
}

/** Twilio is of two minds about the port: with one that goes without saying it may be signed, another may be left out. */
function spellings(text: string): readonly string[] {
  const { protocol, host, hostname, port } = new URL(text)
  const at = text.indexOf('/', protocol.length + 2)
  const [before, after] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at)]
  const standard = protocol === 'https:' ? '443' : '80'
  const other = port === '' ? `${hostname}:${standard}` : hostname
  return [text, `${before.slice(0, before.length - host.length)}${other}${after}`]
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
