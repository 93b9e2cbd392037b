// E-mail addresses and phone numbers: parsed once here, trusted afterwards. Addresses are compared by their keys.
import { domainToASCII } from 'node:url'

export type EmailKey = string & { readonly __brand: 'EmailKey' }
/** E.164, `+` and digits. */
export type PhoneKey = string & { readonly __brand: 'PhoneKey' }

export interface Email {
  /** As typed, trimmed: mail is sent to this. */
  readonly text: string
  readonly key: EmailKey
}

export interface Phone {
  /** As typed, for display. */
  readonly text: string
  readonly key: PhoneKey
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string }

const refuse = (detail: string) => ({ ok: false, detail }) as const

// Control (C0, C1), zero-width, bidirectional, and other characters that show as nothing, variation selectors included.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
const localPart = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * One mailbox, `local@domain.tld`, at most 254 characters (RFC 5321), internationalized names included (RFC 6531, UTS 46).
 * Refused: lists, display names, quoted local parts, address literals, bare hosts, and characters that are invisible or look
 * like others.
 */
export function parseEmail(input: string): Parsed<Email> {
  const text = input.trim()
  if (text === '') return refuse('is empty')
  if (text.length > 254) return refuse('is longer than 254 characters')
  if (invisible.test(text)) return refuse('has a character that cannot be seen')
  if (text.normalize('NFKC') !== text) return refuse('has a character that looks like another')
  const at = text.lastIndexOf('@')
  const local = text.slice(0, at)
  if (at < 1 || at === text.length - 1) return refuse('is not an e-mail address')
  if (new TextEncoder().encode(local).length > 64) return refuse('has more than 64 bytes before the @')
  if (!localPart.test(local)) return refuse('is not one plain e-mail address')
  const domain = toDomain(text.slice(at + 1))
  if (domain === null) return refuse('has no valid domain after the @')
  return { ok: true, value: { text, key: `${lowerAscii(local)}@${domain}` as EmailKey } }
}

const lowerAscii = (text: string) => text.replace(/[A-Z]+/g, upper => upper.toLowerCase())

function toDomain(text: string): string | null {
  if (/[^\p{L}\p{M}\p{N}.-]/u.test(text)) return null
  const domain = domainToASCII(text)
  const labels = domain.split('.')
  if (domain.length > 253 || labels.length < 2 || !labels.every(part => label.test(part))) return null
  return /\.\d+$/.test(domain) ? null : domain
}

/** Turns a typed number into E.164; null when it is no phone number. Given by the host or an adapter. */
export type PhoneParser = (text: string, defaultCountry: string | undefined) => string | null

export function parsePhone(input: string, parser: PhoneParser, defaultCountry: string | undefined): Parsed<Phone> {
  const text = input.trim()
  if (text.length > 40) return refuse('is longer than 40 characters')
  if (invisible.test(text)) return refuse('has a character that cannot be seen')
  const key = parser(text, defaultCountry)
  if (key === null || !/^\+[1-9]\d{6,14}$/.test(key)) {
    return refuse(defaultCountry === undefined ? 'is not a phone number with its country code' : 'is not a phone number')
  }
  return { ok: true, value: { text, key: key as PhoneKey } }
}

/** `a…@example.com`: enough to recognise one's own address, not enough to learn somebody else's. */
export const maskEmail = (text: string): string => text.replace(/^(.)[^@]*/u, '$1…')

/** `…55`: the last two digits. */
export const maskPhone = (key: string): string => `…${key.slice(-2)}`
