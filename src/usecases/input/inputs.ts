// The shape of every input: what is read, what is refused, and where it says so.

import { isPattern } from '../options/urls.ts'
import {
  anything,
  bool,
  type Check,
  type Checked,
  duration,
  integer,
  jsonObject,
  list,
  name,
  object,
  oneOf,
  optional,
  orNull,
  text,
} from './check.ts'

export const locale: Check<string | null> = (value, path, flaws) => {
  const tag = name(35)(value, path, flaws)
  if (tag !== null && !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))
    flaws.push({ path, detail: 'must be a language tag such as pt-BR' })
  return tag
}

const pattern: Check<string> = (value, path, flaws) => {
  const result = text(500)(value, path, flaws)
  if (result !== undefined && !isPattern(result))
    flaws.push({ path, detail: 'must begin with {publicUrl} or https:// and have {token} or {code}' })
  return result
}

const names = { fullName: name(200), firstName: name(100), lastName: name(100), locale }

export const recipient = object({ email: optional(text(320), null), phone: optional(text(40), null), ...names })

const absent = undefined
const terms = {
  role: optional(text(64), absent),
  expiresIn: optional(orNull(duration), absent),
  code: optional(bool, absent),
  send: optional(bool, absent),
  channels: optional(list(text(64)), absent),
  templateId: optional(text(64), absent),
  // Checked with its texts.
  template: anything,
  externalId: optional(text(255), absent),
  metadata: optional(jsonObject, absent),
  extra: optional(jsonObject, absent),
  ifPending: optional(oneOf('error', 'return', 'resend'), absent),
  linkPattern: optional(pattern, absent),
}

export const createShape = object({
  ...terms,
  kind: optional(oneOf('personal', 'open'), 'personal'),
  recipient: optional(recipient, null),
  locale,
  maxUses: optional(integer(1, 1_000_000), null),
})

export const termsShape = object(terms)

export type Terms = Checked<typeof termsShape>
export type CreateFields = Checked<typeof createShape>

export const updateShape = object({
  id: anything,
  role: optional(text(64), absent),
  expiresIn: optional(orNull(duration), absent),
  metadata: optional(jsonObject, absent),
  recipient: optional(
    object({
      fullName: optional(name(200), absent),
      firstName: optional(name(100), absent),
      lastName: optional(name(100), absent),
      locale: optional(locale, absent),
    }),
    absent,
  ),
})

export const resendShape = object({
  id: anything,
  rotate: optional(bool, false),
  channels: optional(list(text(64)), null),
  expiresIn: optional(orNull(duration), absent),
})

export const reasonOf = optional(orNull(text(500, { lines: true })), null)
export const byId = object({ id: anything })
export const revokeShape = object({ id: anything, reason: reasonOf })
