// Templates in the native API as schemas. The content of a template is only documented here: the library checks it, and its
// refusal names the path of each flaw.
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

const pageTexts = z.object({ header: nullable, description: nullable, button: nullable })

/** The texts of a template on the pages of an invite. */
export const templatePages = z.object({
  landing: pageTexts,
  success: pageTexts,
  brand: z.object({ name: nullable, logoUrl: nullable, color: nullable }),
})

/** A named schema of the document serves inputs and answers alike. */
export function createTemplateSchemas({ name }: Pick<InputSchemas, 'name'>) {
  const { $schema, ...documented } = z.toJSONSchema(content, { io: 'input' })
  const anyContent = name('TemplateContent', z.record(z.string(), z.unknown()).meta(documented as Record<string, unknown>))
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
  const previewInput = {
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
    ofStored: z.strictObject({ content: anyContent.optional(), ...previewInput }),
    ofContent: z.strictObject({ content: anyContent, ...previewInput }),
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
