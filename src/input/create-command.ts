// Turns the input of `create` and `createMany` into commands: parses addresses, fills in defaults, checks templates.

import { fail, type InviteError, invalid, isInviteError } from '../api/error.ts'
import type { Actor } from '../domain/actor.ts'
import { parseEmail, parsePhone } from '../domain/address.ts'
import type { Create } from '../domain/command.ts'
import { type InviteTerms, type JsonObject, nobody, type RecipientRecord } from '../domain/invite.ts'
import type { Flaw } from '../domain/rejection.ts'
import type { Settings } from '../options/settings.ts'
import { checkContent } from '../templates/check-content.ts'
import { checkMetadata } from '../validation/metadata.ts'
import { anything, bool, type Checked, checked, given, isRecord, object, optional } from '../validation/validators.ts'
import type { AddressParsing } from './addresses.ts'
import { type CreateFields, createShape, type recipient, type TermsFields, termsShape } from './shapes.ts'

/** What is needed to make a create command. */
interface CommandParts<Tx> extends AddressParsing<Tx> {
  readonly newId: () => string
}

/** The command of one `create`. */
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

/** The commands of a `createMany`. A mistake in the call as a whole throws; a mistake in an item is that item's result. */
export async function createCommandsFrom<Tx>(
  parts: CommandParts<Tx>,
  actor: Actor,
  input: unknown,
  limit: number,
): Promise<Bulk> {
  const shape = object({
    invites: anything,
    defaults: optional(termsShape, {} as TermsFields),
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

async function toItem<Tx>(parts: CommandParts<Tx>, actor: Actor, input: unknown, defaults: TermsFields, index: number) {
  const path = `invites.${index}`
  const flaws: Flaw[] = []
  const own = createShape(input, path, flaws)
  if (isRecord(input) && input['kind'] === 'open') flaws.push({ path: `${path}.kind`, detail: 'must be personal in a bulk' })
  if (flaws.length > 0) return { error: invalid(flaws).facts }
  const absent = Object.entries(defaults).filter(([key]) => own[key as keyof TermsFields] === undefined)
  return fromFields(parts, actor, { ...own, ...Object.fromEntries(absent) } as CreateFields, path).catch((error: unknown) => {
    if (isInviteError(error) && 'errors' in error.facts) return { error: error.facts }
    throw error
  })
}

/** Fields of the input that the record takes over as they are, each with its value where the input says nothing. */
const storedDefaults: { readonly [K in StoredField]: InviteTerms[K] } = {
  externalId: null,
  templateId: null,
  linkPattern: null,
  extra: {},
}

/** Every field that `fromFields` does not convert. A new field of the input is one of them, and needs a default here. */
type StoredField = Exclude<
  keyof TermsFields,
  'role' | 'expiresIn' | 'code' | 'send' | 'channels' | 'template' | 'metadata' | 'ifPending'
>

async function fromFields<Tx>(parts: CommandParts<Tx>, actor: Actor, fields: CreateFields, path: string): Promise<Create> {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`)
  const { kind, recipient, locale, maxUses, role, expiresIn, code, send, channels, template, metadata, ifPending, ...stored } =
    fields
  const flaws = flawsOf(fields, at)
  const to = kind === 'open' || recipient === null ? null : await toRecipient(parts, recipient, at('recipient'), flaws)
  if (flaws.length > 0) throw invalid(flaws)
  const { settings, newId } = parts
  const terms = { ...storedDefaults, ...given(stored) }
  return {
    type: 'create',
    actor,
    id: newId() as Create['id'],
    inviteeId: newId(),
    recipient: to && { ...to, locale: to.locale ?? locale },
    maxUses,
    terms: {
      ...terms,
      role: role ?? '',
      lifetime: expiresIn === undefined ? settings.lifetime : expiresIn,
      template: await templateOf(settings, template, at('template')),
      metadata:
        metadata === undefined && !settings.metadata
          ? null
          : await checkMetadata(settings.metadata, metadata ?? {}, at('metadata')),
    },
    ifPending: ifPending ?? 'error',
    channels: send === false ? [] : (channels ?? null),
    withCode: code === true || needsCode(terms.linkPattern ?? settings.linkPattern),
  }
}

/** Mistakes in the combination of fields. */
function flawsOf({ kind, recipient, role, maxUses }: CreateFields, at: (key: string) => string): Flaw[] {
  const flaws: Flaw[] = []
  const isOpen = kind === 'open'
  if (role === undefined) flaws.push({ path: at('role'), detail: 'is missing' })
  if (isOpen && recipient !== null) flaws.push({ path: at('recipient'), detail: 'has no place on an open invite' })
  if (!isOpen && recipient === null) flaws.push({ path: at('recipient'), detail: 'is missing' })
  if (!isOpen && maxUses !== null) flaws.push({ path: at('maxUses'), detail: 'is for open invites' })
  return flaws
}

/** The checked template content, as the JSON that is stored. */
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
