// A mailbox as people write it into options, and the Message-ID made from its domain.
import { domainToASCII } from 'node:url'

export interface Mailbox {
  readonly name: string
  readonly address: string
}

const bare = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+$/
const named = /^(?:"([^"\\]*)"|([^"<>@,;:\\]*?))\s*<([^<>]*)>$/

/** `Acme <team@acme.example>`, `"Acme, Inc." <team@acme.example>` or the bare address; null for anything else. */
export function parseMailbox(text: string): Mailbox | null {
  if (/\p{Cc}/u.test(text)) return null
  const [, quoted, plain, inner] = named.exec(text.trim()) ?? []
  const address = inner ?? text.trim()
  if (!bare.test(address) || domainOf(address) === null) return null
  return { name: (quoted ?? plain ?? '').trim(), address }
}

/**
 * The same for the same message on every try (RFC 5322, 3.6.4). An id that could not stand in a Message-ID goes in as
 * base64url.
 */
export function messageId(id: string, from: string): string {
  const left = /^[\w-]+(?:\.[\w-]+)*$/.test(id) ? id : Buffer.from(id).toString('base64url')
  return `<${left}@${domainOf(from) ?? 'localhost'}>`
}

/** A header takes any domain, in its ASCII form, but nothing else before the @ (RFC 5322, 3.4.1). */
export const fitsHeader = (address: string): boolean => /^[\x20-\x7e]*@[^@]*$/.test(address)

const domainOf = (address: string): string | null => domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || null
