// The calls of `invites.templates`: authorization, validation and storage of templates.

import { fail, invalid } from '../api/error.ts'
import type { Template } from '../api/results.ts'
import type { Services } from '../commit/services.ts'
import { idOf } from '../domain/actor.ts'
import { writeCursor } from '../domain/cursor.ts'
import { toInviteId } from '../domain/invite.ts'
import { type CallContext, type Caller, contextFrom } from '../input/caller.ts'
import { nowOf } from '../options/settings.ts'
import type { TemplateRecord } from '../ports/storage/templates.ts'
import { checkContent } from '../templates/check-content.ts'
import { everybody } from '../templates/resolve.ts'
import { byId } from '../validation/fields.ts'
import { anything, bool, checked, integer, object, optional, text } from '../validation/validators.ts'
import { cursorFrom, pageOf, requireManager } from './queries.ts'

export type TemplateCaller<Tx> = Caller<Tx> & { readonly now: Date }

/** `system` without an organization manages the templates that all organizations share. */
export async function templateCaller<Tx>(services: Services<Tx>, context: CallContext<Tx>): Promise<TemplateCaller<Tx>> {
  const { actor, organizationId, tx } = contextFrom(services, context)
  if (actor !== 'system' || organizationId !== undefined) return requireManager(services, context)
  return { actor: 'system', organizationId: everybody, tx, now: nowOf(services.settings) }
}

const fields = { name: text(200), default: optional(bool, false), content: anything }
const createShape = object(fields)
const updateShape = object({ ...fields, id: anything })
const listShape = object({ limit: optional(integer(1, 200), 50), cursor: optional(text(2000), null) })

export async function create<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { organizationId, actor, now, tx } = await templateCaller(services, context)
  const { name, default: isDefault, content } = checked(createShape, input)
  const template: TemplateRecord = {
    id: services.newId(),
    organizationId,
    name,
    isDefault,
    content: await checkContent(services.settings.templates.engine, content, 'content'),
    createdAt: now,
    updatedAt: now,
    createdBy: idOf(actor),
  }
  await services.settings.storage.templates.insert(template, tx)
  return { template: toTemplate(template) }
}

export async function get<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<Template> {
  const caller = await templateCaller(services, context)
  return toTemplate(await recordOf(services, caller, checked(byId, input).id))
}

export async function list<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const { organizationId, tx } = await templateCaller(services, context)
  const { limit, cursor } = checked(listShape, input ?? {})
  const { storage, keys } = services.settings
  const scope = ['templates', organizationId]
  const after = cursor === null ? null : String(cursorFrom(keys, scope, cursor)[0])
  const rows = await storage.templates.list({ organizationId, limit: limit + 1, after }, tx)
  const { page, nextCursor } = pageOf(rows, limit, last => writeCursor(keys, scope, [last.id]))
  return { data: page.map(toTemplate), nextCursor }
}

export async function update<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await templateCaller(services, context)
  const { id, name, default: isDefault, content } = checked(updateShape, input)
  const { organizationId, now, tx } = caller
  const change = {
    id: templateId(id),
    organizationId,
    name,
    isDefault,
    content: await checkContent(services.settings.templates.engine, content, 'content'),
    updatedAt: now,
  }
  const template = await services.settings.storage.templates.update(change, tx)
  if (template === null) throw await notTheirOwn(services, caller, change.id)
  return { template: toTemplate(template) }
}

export async function remove<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<void> {
  const caller = await templateCaller(services, context)
  const id = templateId(checked(byId, input).id)
  const { organizationId, now, tx } = caller
  const outcome = await services.settings.storage.templates.remove({ id, organizationId, now }, tx)
  if (outcome === 'in_use') throw fail('template_in_use', {})
  if (outcome === 'not_found') throw await notTheirOwn(services, caller, id)
}

/** A template of the caller's organization or a shared one; throws `template_not_found` for any other. */
export async function recordOf<Tx>(services: Services<Tx>, caller: TemplateCaller<Tx>, id: unknown): Promise<TemplateRecord> {
  const ids = [templateId(id)]
  const [found] = await services.settings.storage.templates.find({ ids, organizations: [] }, caller.tx)
  if (found && [caller.organizationId, everybody].includes(found.organizationId)) return found
  throw fail('template_not_found', {})
}

/** The error for a template that the caller may not change: shared templates are visible to all organizations. */
async function notTheirOwn<Tx>(services: Services<Tx>, caller: TemplateCaller<Tx>, id: string): Promise<Error> {
  await recordOf(services, caller, id)
  return fail('forbidden', {}, "this template is everybody's: 'system' changes it, without an organization")
}

function templateId(value: unknown): string {
  if (typeof value !== 'string') throw invalid([{ path: 'id', detail: 'must be a string' }])
  if (toInviteId(value) === null) throw fail('template_not_found', {})
  return value
}

const toTemplate = ({ id, organizationId, name, isDefault, content, ...rest }: TemplateRecord): Template => ({
  id,
  organizationId: organizationId === everybody ? null : organizationId,
  name,
  default: isDefault,
  content,
  ...rest,
})
