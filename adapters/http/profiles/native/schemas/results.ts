// The answers of the native API as schemas, for the OpenAPI document. Tests validate real answers against them.
import { z } from 'zod'
import type { InputSchemas } from './inputs.ts'
import { templatePages } from './templates.ts'

const moment = z.iso.datetime()
const count = z.int().min(0)
const nullable = z.string().nullable()

export function createResultSchemas({ name, role, status }: InputSchemas) {
  const delivery = name(
    'Delivery',
    z.object({
      id: z.string(),
      channel: z.string(),
      status: z.enum(['queued', 'sent', 'delivered', 'bounced', 'complained', 'failed', 'suppressed']),
      reason: z.enum(['created', 'resent', 'reminder', 'expired']),
      failure: nullable,
      createdAt: moment,
      updatedAt: moment,
      sentAt: moment.nullable(),
    }),
  )
  const recipient = z.object({
    email: nullable,
    phone: nullable,
    fullName: nullable,
    firstName: nullable,
    lastName: nullable,
    locale: nullable,
  })
  const invite = name(
    'Invite',
    z.object({
      id: z.uuid(),
      organizationId: z.string(),
      kind: z.enum(['personal', 'open']),
      status,
      recipient: recipient.nullable(),
      role,
      inviterId: nullable,
      inviterRole: nullable,
      inviteeId: z.uuid(),
      externalId: nullable,
      templateId: nullable,
      metadata: z.record(z.string(), z.unknown()),
      channels: z.array(z.string()),
      maxUses: count.nullable().optional(),
      useCount: count,
      createdAt: moment,
      updatedAt: moment,
      expiresAt: moment.nullable(),
      sentAt: moment.nullable(),
      sendCount: count,
      openedAt: moment.nullable(),
      acceptedAt: moment.optional(),
      acceptedBy: nullable.optional(),
      declinedAt: moment.optional(),
      declineReason: nullable.optional(),
      revokedAt: moment.optional(),
      revokedBy: nullable.optional(),
      revokeReason: nullable.optional(),
      deliveries: z.array(delivery),
      link: z.url().optional(),
      code: z.string().optional(),
    }),
  )
  const bulkResult = z.object({
    index: count,
    outcome: z.enum(['created', 'existing', 'resent', 'skipped', 'rejected']),
    invite: invite.optional(),
    link: z.url().optional(),
    code: z.string().optional(),
    error: z.looseObject({ code: z.string() }).optional(),
  })
  const historyEntry = z.object({
    id: z.string(),
    sequence: count,
    type: z.string(),
    at: moment,
    actor: z.object({ userId: z.string() }).nullable(),
    previousStatus: status.nullable(),
  })
  const member = z.object({ userId: z.string(), role, email: nullable.optional(), name: nullable.optional() })
  const meter = z.object({ used: count, limit: count.nullable() })
  const day = z.object({ day: z.iso.date(), sent: count, opened: count, accepted: count })
  const preview = z.object({
    id: z.uuid(),
    organization: z.object({ id: z.string(), name: nullable }),
    inviter: z.object({ name: nullable }),
    role,
    kind: z.enum(['personal', 'open']),
    recipient: nullable,
    locale: nullable,
    status,
    expiresAt: moment.nullable(),
    next: z.enum(['accept', 'sign_in', 'sign_up']).nullable(),
    match: z.enum(['ok', 'mismatch', 'unverified']).nullable(),
    template: templatePages,
  })
  const summary = z.object({
    pending: meter,
    seats: meter,
    grants: z.array(role),
    statuses: z.record(status, count),
    days: z.array(day),
    problems: count,
    disabledSinks: z.array(z.object({ name: z.string(), disabledAt: moment, reason: z.string() })),
  })

  const page = <T extends z.ZodType>(row: T) => z.object({ data: z.array(row), nextCursor: nullable })
  const outcome = z.enum(['created', 'existing', 'resent'])

  return {
    invite,
    one: name('InviteAnswer', z.object({ invite })),
    created: name('Created', z.object({ invite, link: z.url(), code: z.string().optional(), outcome })),
    bulk: name('BulkAnswer', z.object({ created: count, skipped: count, rejected: count, results: z.array(bulkResult) })),
    list: name('InvitePage', page(invite).extend({ total: count.optional() })),
    history: name('HistoryPage', page(historyEntry)),
    members: name('MemberPage', page(member)),
    summary: name('Summary', summary),
    mine: name('Mine', z.object({ data: z.array(invite) })),
    preview: name('Preview', preview),
    accepted: name('Accepted', z.object({ invite, member: member.nullable(), repeated: z.boolean() })),
    nothing: z.object({}),
    document: z.looseObject({ openapi: z.string() }),
    health: z.object({ status: z.literal('ok'), lag: z.number() }),
    problem: name(
      'Problem',
      z.looseObject({
        title: z.string(),
        status: z.int(),
        code: z.string(),
        detail: z.string().optional(),
        requestId: z.string(),
        errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
      }),
    ),
  }
}

export type ResultSchemas = ReturnType<typeof createResultSchemas>
