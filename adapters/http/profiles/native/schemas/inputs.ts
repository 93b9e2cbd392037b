// The shapes on the wire: what bodies and queries may hold, and what answers do. Rules are not here: the use cases have them.
import { z } from 'zod'
import type { Duration } from '../../../../../src/core.ts'

const text = (max: number) => z.string().max(max)
const moment = () => z.iso.datetime({ offset: true })
const maybe = <T extends z.ZodType>(schema: T) => schema.nullable().optional()

/** The schemas for one set of roles, and the names that some have in the OpenAPI document. */
export function createInputSchemas(roles: readonly string[]) {
  const named = new Map<string, z.ZodType>()
  const name = <T extends z.ZodType>(id: string, schema: T): T => {
    named.set(id, schema)
    return schema
  }

  // An unknown role has a code of its own, so the list is told here and checked by the use cases.
  const role = name('Role', text(100).meta({ enum: [...roles] }))
  const status = z.enum(['pending', 'accepted', 'declined', 'revoked', 'expired'])
  const duration = z
    // Whether the text is one is told by the use cases.
    .union([z.int(), text(20) as z.ZodType<Duration & string>])
    .nullable()
    .meta({ description: "Milliseconds or a text such as '7d'; null never expires." })
  const metadata = z.record(z.string(), z.unknown())
  const channels = z.array(text(50)).max(20)
  const reason = text(2000)

  const names = {
    fullName: maybe(text(1000)),
    firstName: maybe(text(1000)),
    lastName: maybe(text(1000)),
    locale: maybe(text(100)),
  }
  const recipient = name(
    'RecipientInput',
    z.strictObject({ email: text(1000).optional(), phone: text(100).optional(), ...names }),
  )
  const options = {
    expiresIn: duration.optional(),
    code: z.boolean().optional(),
    send: z.boolean().optional(),
    channels: channels.optional(),
    templateId: text(100).optional(),
    externalId: text(1000).optional(),
    metadata: metadata.optional(),
    ifPending: z.enum(['error', 'return', 'resend']).optional(),
  }
  const locale = text(100).optional()
  const personal = z.strictObject({ kind: z.literal('personal').optional(), recipient, role, locale, ...options })
  const open = z.strictObject({ kind: z.literal('open'), role, maxUses: z.int().optional(), ...options })
  const item = z.strictObject({ recipient, role: role.exactOptional(), locale, ...options })
  const defaults = z.strictObject({ role: role.exactOptional(), ...options })

  const token = text(1000)
  const code = text(100)
  const id = text(100)

  const nothing = z.strictObject({})
  const include = z.array(z.enum(['link'])).max(1)
  const limit = z.int().min(1).max(200).meta({ default: 50 })
  const cursor = text(4000)

  const inputs = {
    nothing,
    create: name('CreateInput', z.discriminatedUnion('kind', [personal, open])),
    bulk: name(
      'BulkInput',
      z.strictObject({ invites: z.array(item).min(1), defaults: defaults.optional(), dryRun: z.boolean().optional() }),
    ),
    update: name(
      'UpdateInput',
      z.strictObject({
        role: role.optional(),
        expiresIn: duration.optional(),
        metadata: metadata.optional(),
        recipient: z.strictObject(names).optional(),
      }),
    ),
    resend: name(
      'ResendInput',
      z.strictObject({ rotate: z.boolean().optional(), channels: channels.optional(), expiresIn: duration.optional() }),
    ),
    revoke: name('RevokeInput', z.strictObject({ reason: reason.optional() })),
    byToken: name('ByToken', z.union([z.strictObject({ token }), z.strictObject({ code })])),
    open: name('OpenInput', z.strictObject({ token })),
    accept: name(
      'AcceptInput',
      z.union([
        z.strictObject({ token, role: role.optional() }),
        z.strictObject({ code, role: role.optional() }),
        z.strictObject({ id, role: role.optional() }),
      ]),
    ),
    decline: name(
      'DeclineInput',
      z.union([
        z.strictObject({ token, reason: reason.optional() }),
        z.strictObject({ code, reason: reason.optional() }),
        z.strictObject({ id, reason: reason.optional() }),
      ]),
    ),
  }

  const queries = {
    nothing,
    list: z.strictObject({
      status: z.array(status).max(5).optional(),
      role: role.optional(),
      email: text(1000).optional(),
      phone: text(100).optional(),
      q: text(1000).optional(),
      inviterId: text(1000).optional(),
      externalId: text(1000).optional(),
      createdAfter: moment().optional(),
      createdBefore: moment().optional(),
      expiresAfter: moment().optional(),
      expiresBefore: moment().optional(),
      sort: z.enum(['createdAt', '-createdAt', 'expiresAt', '-expiresAt', 'updatedAt', '-updatedAt']).optional(),
      limit: limit.optional(),
      cursor: cursor.optional(),
      include: z
        .array(z.enum(['total', 'link']))
        .max(2)
        .optional(),
    }),
    include: z.strictObject({ include: include.optional() }),
    history: z.strictObject({ cursor: cursor.optional() }),
    page: z.strictObject({ limit: limit.optional(), cursor: cursor.optional() }),
  }

  return { named, name, role, status, inputs, queries }
}

export type InputSchemas = ReturnType<typeof createInputSchemas>
