// The calls on stored templates: who may, what is checked, and what storage is asked to do.

import { fail, invalid } from '../api/error.ts'
import type { Template } from '../api/results.ts'
import type { Kit } from '../commit/services.ts'
import { idOf } from '../domain/actor.ts'
import { writeCursor } from '../domain/cursor.ts'
import { toInviteId } from '../domain/invite.ts'
import { type AnyContext, contextOf, type Place } from '../input/caller.ts'
import { nowOf } from '../options/settings.ts'
import type { TemplateRecord } from '../ports/storage/templates.ts'
import { checkContent } from '../templates/check-content.ts'
import { everybody } from '../templates/resolve.ts'
import { byId } from '../validation/fields.ts'
import { anything, bool, checked, integer, object, optional, text } from '../validation/validators.ts'
import { cursorFrom, pageOf } from './pagination.ts'
import { overlook } from './queries.ts'

export type TemplatePlace<Tx> = Place<Tx> & { readonly now: Date }

/** Everybody's templates are the system's, when it names no organization. */
export async function templatePlace<Tx>(kit: Kit<Tx>, context: AnyContext<Tx>): Promise<TemplatePlace<Tx>> {
  const { actor, organizationId, tx } = contextOf(kit, context)
  if (actor !== 'system' || organizationId !== undefined) return overlook(kit, context)
  return { doer: 'system', organizationId: everybody, tx, now: nowOf(kit.settings) }
}

const terms = { name: text(200), default: optional(bool, false), content: anything }
const createShape = object(terms)
const updateShape = object({ ...terms, id: anything })
const listShape = object({ limit: optional(integer(1, 200), 50), cursor: optional(text(2000), null) })

export async function create<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const { organizationId, doer, now, tx } = await templatePlace(kit, context)
  const { name, default: isDefault, content } = checked(createShape, input)
  const template: TemplateRecord = {
    id: kit.newId(),
    organizationId,
    name,
    isDefault,
    content: await checkContent(kit.settings.templates.writer, content, 'content'),
    createdAt: now,
    updatedAt: now,
    createdBy: idOf(doer),
  }
  await kit.settings.storage.templates.insert(template, tx)
  return { template: shown(template) }
}

export async function get<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Template> {
  const place = await templatePlace(kit, context)
  return shown(await recordOf(kit, place, checked(byId, input).id))
}

export async function list<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const { organizationId, tx } = await templatePlace(kit, context)
  const { limit, cursor } = checked(listShape, input ?? {})
  const { storage, keys } = kit.settings
  const scope = ['templates', organizationId]
  const after = cursor === null ? null : String(cursorFrom(keys, scope, cursor)[0])
  const rows = await storage.templates.list({ organizationId, limit: limit + 1, after }, tx)
  const { page, nextCursor } = pageOf(rows, limit, last => writeCursor(keys, scope, [last.id]))
  return { data: page.map(shown), nextCursor }
}

export async function update<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const place = await templatePlace(kit, context)
  const { id, name, default: isDefault, content } = checked(updateShape, input)
  const { organizationId, now, tx } = place
  const change = {
    id: templateId(id),
    organizationId,
    name,
    isDefault,
    content: await checkContent(kit.settings.templates.writer, content, 'content'),
    updatedAt: now,
  }
  const template = await kit.settings.storage.templates.update(change, tx)
  if (template === null) throw await notTheirs(kit, place, change.id)
  return { template: shown(template) }
}

export async function remove<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<void> {
  const place = await templatePlace(kit, context)
  const id = templateId(checked(byId, input).id)
  const { organizationId, now, tx } = place
  const outcome = await kit.settings.storage.templates.remove({ id, organizationId, now }, tx)
  if (outcome === 'in_use') throw fail('template_in_use', {})
  if (outcome === 'not_found') throw await notTheirs(kit, place, id)
}

/** Theirs or everybody's; `template_not_found` for any other. */
export async function recordOf<Tx>(kit: Kit<Tx>, place: TemplatePlace<Tx>, id: unknown): Promise<TemplateRecord> {
  const ids = [templateId(id)]
  const [found] = await kit.settings.storage.templates.find({ ids, organizations: [] }, place.tx)
  if (found && [place.organizationId, everybody].includes(found.organizationId)) return found
  throw fail('template_not_found', {})
}

/** Everybody's are seen by all, and changed by none of them. */
async function notTheirs<Tx>(kit: Kit<Tx>, place: TemplatePlace<Tx>, id: string): Promise<Error> {
  await recordOf(kit, place, id)
  return fail('forbidden', {}, "this template is everybody's: 'system' changes it, without an organization")
}

function templateId(value: unknown): string {
  if (typeof value !== 'string') throw invalid([{ path: 'id', detail: 'must be a string' }])
  if (toInviteId(value) === null) throw fail('template_not_found', {})
  return value
}

const shown = ({ id, organizationId, name, isDefault, content, ...rest }: TemplateRecord): Template => ({
  id,
  organizationId: organizationId === everybody ? null : organizationId,
  name,
  default: isDefault,
  content,
  ...rest,
})
