// Finds the texts of an invite and merges them: its own, then its template's, then the default template of the organization,
// then the default template that all organizations share.

import { createBatcher } from '../concurrency/batcher.ts'
import { type InviteRecord, toInviteId } from '../domain/invite.ts'
import type { Storage } from '../ports/storage/storage.ts'
import type { TemplateContent, TemplateRecord, TemplateSections } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import { inLanguage, merged } from './merge.ts'

/** What decides which texts apply. */
export interface TemplateQuery {
  readonly organizationId: string
  readonly templateId: string | null
  /** The invite's own texts, which go over all stored ones. */
  readonly content: TemplateContent | null
  /** In a preview, the id of the stored template that `content` stands in for: that one is left out. */
  readonly replaces?: string | null
  /** False when no stored template can apply: then no statement is sent. Default true. */
  readonly stored?: boolean
  readonly locale: string | null
}

export interface TemplateSource<Tx> {
  /** Loads the template engine on first use. */
  readonly engine: TemplateEngineSource
  /**
   * The texts for one language, merged. It takes one statement, which concurrent calls share; a call with `tx` has its own
   * statement in that transaction.
   */
  sections(query: TemplateQuery, tx?: Tx): Promise<TemplateSections>
}

/** The query for an invite's messages and pages. */
export const templateQueryFor = (invite: InviteRecord): TemplateQuery => ({
  organizationId: invite.organizationId,
  templateId: invite.templateId,
  content: invite.template as TemplateContent | null,
  locale: invite.kind === 'personal' ? invite.recipient.locale : null,
})

/** The organization id of the templates that all organizations share. No organization has this id. */
export const everybody = ''

export function createTemplateSource<Tx>(storage: () => Storage<Tx>, engine: TemplateEngineSource): TemplateSource<Tx> {
  const find = async (queries: readonly TemplateQuery[], tx?: Tx): Promise<readonly TemplateRecord[]> => {
    const ids = queries.flatMap(({ templateId }) => (templateId !== null && toInviteId(templateId) ? [templateId] : []))
    const organizations = [everybody, ...queries.map(({ organizationId }) => organizationId)]
    return storage().templates.find({ ids: [...new Set(ids)], organizations: [...new Set(organizations)] }, tx)
  }
  const findBatched = createBatcher(async (queries: readonly TemplateQuery[]) => {
    const records = await find(queries)
    return queries.map(() => records)
  })
  return {
    engine,
    async sections(query, tx) {
      if (query.stored === false) return mergeLevels(query, [])
      return mergeLevels(query, tx === undefined ? await findBatched(query) : await find([query], tx))
    },
  }
}

/** `records` may have other organizations' templates too. A template that is gone or another organization's is left out. */
function mergeLevels(query: TemplateQuery, records: readonly TemplateRecord[]): TemplateSections {
  const { organizationId, templateId, content, locale, replaces = null } = query
  const found = records.filter(({ id }) => id !== replaces)
  const own = found.find(({ id, organizationId: of }) => id === templateId && (of === organizationId || of === everybody))
  const defaultOf = (of: string) => found.find(each => each.isDefault && each.organizationId === of)
  const levels = [content, own?.content, defaultOf(organizationId)?.content, defaultOf(everybody)?.content]
  return merged(levels.flatMap(level => (level ? [inLanguage(level, locale)] : [])))
}
