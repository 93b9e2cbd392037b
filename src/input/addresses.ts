// Reads an e-mail address or phone number from an input into its key. Throws `invalid_input` for a wrong one.

import { invalid } from '../api/error.ts'
import { type EmailKey, type PhoneKey, type PhoneParser, parseEmail, parsePhone } from '../domain/address.ts'
import type { Settings } from '../options/settings.ts'

/** What is needed to parse addresses. */
export interface AddressParsing<Tx> {
  readonly settings: Settings<Tx>
  /** Loaded on first use. */
  readonly phoneParser: () => Promise<PhoneParser>
}

export function emailKeyFrom(text: string): EmailKey {
  const parsed = parseEmail(text)
  if (!parsed.ok) throw invalid([{ path: 'email', detail: parsed.detail }])
  return parsed.value.key
}

export async function phoneKeyFrom<Tx>({ settings, phoneParser }: AddressParsing<Tx>, text: string): Promise<PhoneKey> {
  const parsed = parsePhone(text, await phoneParser(), settings.defaultCountry)
  if (!parsed.ok) throw invalid([{ path: 'phone', detail: parsed.detail }])
  return parsed.value.key
}

/** The key of whichever of them is given. */
export const addressFrom = async <Tx>(parsing: AddressParsing<Tx>, email: string | undefined, phone: string | undefined) =>
  email === undefined ? { phone: await phoneKeyFrom(parsing, phone ?? '') } : { email: emailKeyFrom(email) }
