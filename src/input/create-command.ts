// From the input of `create` and `createMany` to commands: addresses parsed, defaults filled in, channels chosen.

import { fail, type InviteError, invalid, isInviteError } from '../api/error.ts'
import type { Actor } from '../domain/actor.ts'
import { parseEmail, parsePhone } from '../domain/address.ts'
import type { Create } from '../domain/command.ts'
import { type JsonObject, nobody, type RecipientRecord } from '../domain/invite.ts'
import type { Flaw } from '../domain/rejection.ts'
import type { Settings } from '../options/settings.ts'
import { checkContent } from '../templates/check-content.ts'
import { checkMetadata } from '../validation/metadata.ts'
import { anything, bool, type Checked, checked, isRecord, object, optional } from '../validation/validators.ts'
import type { AddressParsing } from './addresses.ts'
import { type CreateFields, createShape, type recipient, type Terms, termsShape } from './shapes.ts'

/** What making a create command needs. */
interface CommandParts<Tx> extends AddressParsing<Tx> {
  readonly newId: () => string
}

/** A create command from one call's input. */
export async function createCommandFrom<Tx>(parts: CommandParts<Tx>, actor: Actor, input: unknown): Promise<Create> {
  return fromFields(parts, actor, checked(createShape, input), '')
}

export interface Refused {
  readonly error: InviteError['facts']
}

export interface Bulk {
  /** A command, or what is wrong with this item alone. */
  readonly items: readonly (Create | Refused)[]
  readonly dryRun: boolean
}

/** The commands of a bulk. What is wrong with the call as a whole throws; what is wrong with an item stays with it. */
export async function createCommandsFrom<Tx>(
  parts: CommandParts<Tx>,
  actor: Actor,
  input: unknown,
  limit: number,
): Promise<Bulk> {
  const shape = object({
    invites: anything,
    defaults: optional(termsShape, {} as Terms),
    dryRun: optional(bool, false),
  })
  const { invites, defaults, dryRun } = checked(shape, input)
  if (!Array.isArray(invites) || invites.length === 0) {
    throw invalid([{ path: 'invites', detail: 'must be a list of at least one invite' }])
  }
  if (invites.length > limit) throw fail('bulk_too_large', { limit })
  const items = await Promise.all(invites.map((invite, index) => toItem(parts, actor, invite, defaults, index)))
  return { items, dryRun }
}

async function toItem<Tx>(parts: CommandParts<Tx>, actor: Actor, input: unknown, defaults: Terms, index: number) {
  const path = `invites.${index}`
  const flaws: Flaw[] = []
  const own = createShape(input, path, flaws)
  if (isRecord(input) && input['kind'] === 'open') flaws.push({ path: `${path}.kind`, detail: 'must be personal in a bulk' })
  if (flaws.length > 0) return { error: invalid(flaws).facts }
  const absent = Object.entries(defaults).filter(([key]) => own[key as keyof Terms] === undefined)
  return fromFields(parts, actor, { ...own, ...Object.fromEntries(absent) } as CreateFields, path).catch((error: unknown) => {
    if (isInviteError(error) && 'errors' in error.facts) return { error: error.facts }
    throw error
  })
}

async function fromFields<Tx>(parts: CommandParts<Tx>, actor: Actor, fields: CreateFields, path: string): Promise<Create> {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const flaws: Flaw[] = []
  if (fields.role === undefined) flaws.push({ path: at('role'), detail: 'is missing' })
  const isOpen = fields.kind === 'open'
  if (isOpen && fields.recipient !== null) flaws.push({ path: at('recipient'), detail: 'has no place on an open invite' })
  if (!isOpen && fields.recipient === null) flaws.push({ path: at('recipient'), detail: 'is missing' })
  if (!isOpen && fields.maxUses !== null) flaws.push({ path: at('maxUses'), detail: 'is for open invites' })
  const to = isOpen || fields.recipient === null ? null : await toRecipient(parts, fields.recipient, at('recipient'), flaws)
  if (flaws.length > 0) throw invalid(flaws)
  const metadata = fields.metadata ?? null
  const { settings, newId } = parts
  return {
    type: 'create',
    actor,
    id: newId() as Create['id'],
    inviteeId: newId(),
    recipient: to && { ...to, locale: to.locale ?? fields.locale },
    maxUses: fields.maxUses,
    role: fields.role ?? '',
    lifetime: fields.expiresIn === undefined ? settings.lifetime : fields.expiresIn,
    ifPending: fields.ifPending ?? 'error',
    channels: fields.send === false ? [] : (fields.channels ?? null),
    externalId: fields.externalId ?? null,
    templateId: fields.templateId ?? null,
    template: await templateOf(settings, fields.template, at('template')),
    metadata:
      metadata === null && !settings.metadata ? null : await checkMetadata(settings.metadata, metadata ?? {}, at('metadata')),
    extra: fields.extra ?? null,
    linkPattern: fields.linkPattern ?? null,
    withCode: fields.code === true || needsCode(fields.linkPattern ?? settings.linkPattern),
  }
}

/** As JSON, which is how it is kept. */
const templateOf = async <Tx>(settings: Settings<Tx>, content: unknown, path: string) =>
  content === undefined ? null : ((await checkContent(settings.templates.engine, content, path)) as JsonObject)

const needsCode = (linkPattern: string) => linkPattern.includes('{code}')

async function toRecipient<Tx>(
  parsing: AddressParsing<Tx>,
  fields: Checked<typeof recipient>,
  path: string,
  flaws: Flaw[],
): Promise<RecipientRecord> {
  const { email, phone, ...rest } = fields
  if (email === null && phone === null) flaws.push({ path, detail: 'needs an email or a phone' })
  const mail = email === null ? null : parseEmail(email)
  if (mail?.ok === false) flaws.push({ path: `${path}.email`, detail: mail.detail })
  const number = phone === null ? null : parsePhone(phone, await parsing.phoneParser(), parsing.settings.defaultCountry)
  if (number?.ok === false) flaws.push({ path: `${path}.phone`, detail: number.detail })
  return {
    ...nobody,
    ...rest,
    ...(mail?.ok ? { email: mail.value.text, emailKey: mail.value.key } : {}),
    ...(number?.ok ? { phone: number.value.text, phoneKey: number.value.key } : {}),
  }
}
