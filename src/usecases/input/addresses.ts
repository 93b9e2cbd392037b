// Addresses of an input as they are compared, or `invalid_input` with what is wrong with them.
import { type EmailKey, type PhoneKey, parseEmail, parsePhone } from '../../domain/address.ts'
import { invalid } from '../error.ts'
import type { Kit } from '../kit.ts'

export function emailKeyFrom(text: string): EmailKey {
  const parsed = parseEmail(text)
  if (!parsed.ok) throw invalid([{ path: 'email', detail: parsed.detail }])
  return parsed.value.key
}

export async function phoneKeyFrom<Tx>({ settings, phoneParser }: Kit<Tx>, text: string): Promise<PhoneKey> {
  const parsed = parsePhone(text, await phoneParser(), settings.defaultCountry)
  if (!parsed.ok) throw invalid([{ path: 'phone', detail: parsed.detail }])
  return parsed.value.key
}

/** Of an input that has one of them. */
export const addressFrom = async <Tx>(kit: Kit<Tx>, email: string | undefined, phone: string | undefined) =>
  email === undefined ? { phone: await phoneKeyFrom(kit, phone ?? '') } : { email: emailKeyFrom(email) }
