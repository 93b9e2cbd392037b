// The bodies and queries of the native API as schemas: which fields are allowed, and of what type each is. The rules behind them
// are the library's. Lengths here are wider than its own, because it trims a text before it measures it.
import { z } from 'zod'
import type { Duration } from '../../../../../src/core.ts'
import { nothing } from '../../../handler/input.ts'

const max = (length: number) => z.string().max(length)
/** Names, addresses, tokens and whatever else a person may type. */
const text = () => max(1000)
/** Roles, codes, ids, language tags and phone numbers. */
const shortText = () => max(100)
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().optional()

const names = {
  fullName: maybe(text()),
  firstName: maybe(text()),
  lastName: maybe(text()),
  locale: maybe(shortText()),
}
const terms = {
  expiresIn: z
    // The library tells whether the text is a duration.
    .union([z.int(), max(20) as z.ZodType<Duration & string>])
    .nullable()
    .meta({ description: "Milliseconds or a text such as '7d'; null never expires." })
    .optional(),
  code: z.boolean().optional(),
  send: z.boolean().optional(),
  channels: z.array(max(50)).max(20).optional(),
  templateId: shortText().optional(),
  externalId: text().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  ifPending: z.enum(['error', 'return', 'resend']).optional(),
}
const { expiresIn, channels, metadata } = terms
const reason = max(2000).optional()
const locale = shortText().optional()

const token = text()
const code = shortText()
/** Of a call that names one invite: by its token, its code or its id. */
const byInvite = <S extends z.ZodRawShape>(others: S) =>
  z.union([
    z.strictObject({ token, ...others }),
    z.strictObject({ code, ...others }),
    z.strictObject({ id: shortText(), ...others }),
  ])

const datetime = z.iso.datetime({ offset: true }).optional()
const limit = z.int().min(1).max(200).meta({ default: 50 }).optional()
const cursor = max(4000).optional()

/** The schemas for one set of roles, and the names that some have in the OpenAPI document. */
export function createInputSchemas(roles: readonly string[]) {
  const named = new Map<string, z.ZodType>()
  const name = <T extends z.ZodType>(id: string, schema: T): T => {
    named.set(id, schema)
    return schema
  }

  // The document lists the roles, the library checks them: an unknown role has a code of its own.
  const role = name('Role', shortText().meta({ enum: [...roles] }))
  const status = z.enum(['pending', 'accepted', 'declined', 'revoked', 'expired'])
  const email = text().optional()
  const phone = shortText().optional()
  const recipient = name('RecipientInput', z.strictObject({ email, phone, ...names }))
  const personal = z.strictObject({ kind: z.literal('personal').optional(), recipient, role, locale, ...terms })
  const open = z.strictObject({ kind: z.literal('open'), role, maxUses: z.int().optional(), ...terms })
  const item = z.strictObject({ recipient, role: role.exactOptional(), locale, ...terms })
  const defaults = z.strictObject({ role: role.exactOptional(), ...terms })
  const bulk = z.strictObject({
    invites: z.array(item).min(1),
    defaults: defaults.optional(),
    dryRun: z.boolean().optional(),
  })
  const update = z.strictObject({
    role: role.optional(),
    expiresIn,
    metadata,
    recipient: z.strictObject(names).optional(),
  })

  const inputs = {
    nothing,
    create: name('CreateInput', z.discriminatedUnion('kind', [personal, open])),
    bulk: name('BulkInput', bulk),
    update: name('UpdateInput', update),
    resend: name('ResendInput', z.strictObject({ rotate: z.boolean().optional(), channels, expiresIn })),
    revoke: name('RevokeInput', z.strictObject({ reason })),
    byToken: name('ByToken', z.union([z.strictObject({ token }), z.strictObject({ code })])),
    open: name('OpenInput', z.strictObject({ token })),
    accept: name('AcceptInput', byInvite({ role: role.optional() })),
    decline: name('DeclineInput', byInvite({ reason })),
  }

  const list = z.strictObject({
    status: z.array(status).max(5).optional(),
    role: role.optional(),
    email,
    phone,
    q: text().optional(),
    inviterId: text().optional(),
    externalId: text().optional(),
    createdAfter: datetime,
    createdBefore: datetime,
    expiresAfter: datetime,
    expiresBefore: datetime,
    sort: z.enum(['createdAt', '-createdAt', 'expiresAt', '-expiresAt', 'updatedAt', '-updatedAt']).optional(),
    limit,
    cursor,
    include: z
      .array(z.enum(['total', 'link']))
      .max(2)
      .optional(),
  })
  const include = z
    .array(z.enum(['link']))
    .max(1)
    .optional()

  const queries = {
    nothing,
    list,
    include: z.strictObject({ include }),
    history: z.strictObject({ cursor }),
    page: z.strictObject({ limit, cursor }),
  }

  return { named, name, role, status, inputs, queries }
}

export type InputSchemas = ReturnType<typeof createInputSchemas>
