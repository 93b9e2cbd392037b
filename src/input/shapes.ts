// What the inviter's calls accept: the fields of each input, each with its check. `Shape<…>` holds them to the public types.
import type {
  CreateInput,
  CreateTerms,
  ListInput,
  RecipientInput,
  ResendInput,
  RevokeInput,
  UpdateInput,
} from '../api/inputs.ts'
import type { JsonObject } from '../domain/invite.ts'
import { isPattern } from '../options/urls.ts'
import { locale } from '../validation/fields.ts'
import {
  anything,
  bool,
  type Check,
  type Checked,
  duration,
  integer,
  jsonObject,
  list,
  moment,
  name,
  object,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
} from '../validation/validators.ts'

const pattern: Check<string> = (value, path, flaws) => {
  const result = text(500)(value, path, flaws)
  if (result !== undefined && !isPattern(result))
    flaws.push({ path, detail: 'must begin with {publicUrl} or https:// and have {token} or {code}' })
  return result
}

export const recipient = object({
  email: optional(text(320), null),
  phone: optional(text(40), null),
  fullName: name(200),
  firstName: name(100),
  lastName: name(100),
  locale,
} satisfies Shape<RecipientInput>)

const absent = undefined
/** Absent stays undefined, so that `defaults` of a bulk can fill it in. */
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
} satisfies Shape<CreateTerms<string, JsonObject>>

export const createShape = object({
  ...terms,
  kind: optional(oneOf('personal', 'open'), 'personal'),
  recipient: optional(recipient, null),
  locale,
  maxUses: optional(integer(1, 1_000_000), null),
} satisfies Shape<CreateInput>)

export const termsShape = object(terms)

export type TermsFields = Checked<typeof termsShape>
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
    } satisfies Shape<UpdateInput<string, JsonObject>['recipient'] & object>),
    absent,
  ),
} satisfies Shape<UpdateInput<string, JsonObject>>)

export const resendShape = object({
  id: anything,
  rotate: optional(bool, false),
  channels: optional(list(text(64)), null),
  expiresIn: optional(orNull(duration), absent),
} satisfies Shape<ResendInput>)

export const reasonOf = optional(orNull(text(500, { lines: true })), null)
export const revokeShape = object({ id: anything, reason: reasonOf } satisfies Shape<RevokeInput>)

const statuses = oneOf('pending', 'accepted', 'declined', 'revoked', 'expired')
const range = optional(object({ from: optional(moment, null), to: optional(moment, null) }), { from: null, to: null })
const statusList: Check<readonly ReturnType<typeof statuses>[]> = (value, path, flaws) =>
  Array.isArray(value) ? list(statuses)(value, path, flaws) : [statuses(value, path, flaws)]
export const listShape = object({
  status: optional(statusList, null),
  role: optional(text(64), null),
  email: optional(text(320), null),
  phone: optional(text(40), null),
  q: optional(text(200), null),
  inviterId: optional(text(255), null),
  externalId: optional(text(255), null),
  created: range,
  expires: range,
  sort: optional(oneOf('createdAt', '-createdAt', 'expiresAt', '-expiresAt', 'updatedAt', '-updatedAt'), '-createdAt'),
  limit: optional(integer(1, 200), 50),
  cursor: optional(text(2000), null),
  include: optional(list(oneOf('total', 'link')), [] as ('total' | 'link')[]),
} satisfies Shape<ListInput>)
