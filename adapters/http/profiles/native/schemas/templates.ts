// Templates on the wire: what may be sent, and what is answered. What a content may hold is told here and checked by the
// use cases, whose answer names the place of each fault.
import { z } from 'zod'
import type { InputSchemas } from './inputs.ts'

const text = (max: number) => z.string().max(max).optional()
const nullable = z.string().nullable()
const moment = z.iso.datetime()

const page = z.strictObject({ header: text(150), description: text(2_000), button: text(60) }).optional()

const sections = {
  email: z
    .strictObject({
      subject: text(200),
      body: text(10_000),
      senderName: text(100),
      replyTo: z.union([z.email(), z.array(z.email()).min(1).max(5)]).optional(),
    })
    .optional(),
  sms: z.strictObject({ body: text(1_000) }).optional(),
  landing: page,
  success: page,
  brand: z
    .strictObject({
      name: text(100),
      logoUrl: z
        .url({ protocol: /^https$/ })
        .max(500)
        .optional(),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/)
        .optional(),
    })
    .optional(),
}

const content = z.strictObject({
  ...sections,
  locales: z
    .record(z.string(), z.strictObject(sections))
    .optional()
    .meta({ description: 'The same sections by language tag.' }),
})

const words = z.object({ header: nullable, description: nullable, button: nullable })

/** What a template says on the pages of an invite. */
export const templatePages = z.object({
  landing: words,
  success: words,
  brand: z.object({ name: nullable, logoUrl: nullable, color: nullable }),
})

/** A name in a document is one schema: the input's, which the answers hold too. */
export function createTemplateSchemas({ name }: Pick<InputSchemas, 'name'>) {
  const { $schema, ...told } = z.toJSONSchema(content, { io: 'input' })
  const anyContent = name('TemplateContent', z.record(z.string(), z.unknown()).meta(told as Record<string, unknown>))
  const template = name(
    'Template',
    z.object({
      id: z.uuid(),
      organizationId: nullable,
      name: z.string(),
      default: z.boolean(),
      content: anyContent,
      createdAt: moment,
      updatedAt: moment,
      createdBy: nullable,
    }),
  )
  const input = z.strictObject({ name: z.string().max(1_000), default: z.boolean().optional(), content: anyContent })
  const person = z.strictObject({ name: nullable.optional() }).optional()
  const maybe = nullable.optional()
  const sample = z.strictObject({
    recipient: z.strictObject({ email: z.string().optional(), fullName: maybe, firstName: maybe, lastName: maybe }).optional(),
    organization: person,
    inviter: person,
    role: z.string().optional(),
    code: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  const asked = {
    channel: z.string().max(100).optional(),
    locale: z.string().max(100).optional(),
    sample: sample.optional(),
  }
  const mail = z.object({
    subject: z.string(),
    text: z.string(),
    html: nullable,
    senderName: nullable,
    replyTo: z.array(z.string()),
  })
  return {
    input: name('TemplateInput', input),
    ofStored: z.strictObject({ content: anyContent.optional(), ...asked }),
    ofContent: z.strictObject({ content: anyContent, ...asked }),
    template,
    one: name('TemplateAnswer', z.object({ template })),
    list: name('TemplatePage', z.object({ data: z.array(template), nextCursor: nullable })),
    preview: name(
      'TemplatePreview',
      templatePages.extend({ email: mail.nullable(), sms: z.object({ text: z.string() }).nullable() }),
    ),
  }
}

export type TemplateSchemas = ReturnType<typeof createTemplateSchemas>
