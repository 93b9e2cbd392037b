// Parses mailboxes such as `Acme <team@acme.example>`, and makes a Message-ID from the domain of one.
import { domainToASCII } from 'node:url'

export interface Mailbox {
  readonly name: string
  readonly address: string
}

const bare = /^[^\s@<>",;:()[\]\\]+@[^\s@<>",;:()[\]\\]+$/
const named = /^(?:"([^"\\]*)"|([^"<>@,;:\\]*?))\s*<([^<>]*)>$/

/** Reads `Acme <team@acme.example>`, `"Acme, Inc." <team@acme.example>` or the bare address; null for anything else. */
export function parseMailbox(text: string): Mailbox | null {
  if (/\p{Cc}/u.test(text)) return null
  const [, quoted, plain, inner] = named.exec(text.trim()) ?? []
  const address = inner ?? text.trim()
  if (!bare.test(address) || domainOf(address) === null) return null
  return { name: (quoted ?? plain ?? '').trim(), address }
}

/**
 * The same on every try of a message (RFC 5322, 3.6.4), so that a mail client can tell duplicates. An id with characters that
 * a Message-ID may not have is encoded as base64url.
 */
export function messageId(id: string, from: string): string {
  const left = /^[\w-]+(?:\.[\w-]+)*$/.test(id) ? id : Buffer.from(id).toString('base64url')
  return `<${left}@${domainOf(from) ?? 'localhost'}>`
}

/** Only ASCII before the @, as a header requires (RFC 5322, 3.4.1). The domain may have other characters: it has an ASCII form. */
export const fitsHeader = (address: string): boolean => /^[\x20-\x7e]*@[^@]*$/.test(address)

const domainOf = (address: string): string | null => domainToASCII(address.slice(address.lastIndexOf('@') + 1)) || null
