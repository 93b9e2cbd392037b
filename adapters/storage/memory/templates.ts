// Templates in memory. At most one is the default of an organization, as the index of a database ensures.
import type { TemplateRecord, Templates } from '../../../src/core.ts'
import { statusAt } from './facts.ts'
import { rows, type Tables } from './tables.ts'

type Work<T> = (draft: Tables) => T

/** `write` runs in a draft that is applied as a whole. */
export function createTemplates<Tx>(
  at: (tx: Tx | undefined) => Tables,
  write: <T>(tx: Tx | undefined, work: Work<T>) => Promise<T>,
): Templates<Tx> {
  return {
    async list({ organizationId, limit, after }, tx) {
      const mine = [...rows(at(tx).templates)].filter(each => ['', organizationId].includes(each.organizationId))
      const rest = mine.filter(({ id }) => after === null || id > after).sort((a, b) => (a.id < b.id ? -1 : 1))
      return structuredClone(rest.slice(0, limit))
    },
    async find({ ids, organizations }, tx) {
      const found = [...rows(at(tx).templates)].filter(
        ({ id, isDefault, organizationId }) => ids.includes(id) || (isDefault && organizations.includes(organizationId)),
      )
      return structuredClone(found)
    },
    async insert(template, tx) {
      const given = structuredClone(template)
      await write(tx, draft => {
        if (draft.templates.get(given.id)) throw new Error(`memory storage: there is a template ${given.id} already`)
        if (given.isDefault) takeDefault(draft, given)
        draft.templates.set(given.id, given)
      })
    },
    async update(template, tx) {
      const given = structuredClone(template)
      const changed = await write(tx, draft => {
        const before = draft.templates.get(given.id)
        if (before === undefined || before.organizationId !== given.organizationId) return null
        if (given.isDefault) takeDefault(draft, given)
        const after = { ...before, ...given }
        draft.templates.set(given.id, after)
        return after
      })
      return structuredClone(changed)
    },
    remove: ({ id, organizationId, now }, tx) =>
      write(tx, draft => {
        if (draft.templates.get(id)?.organizationId !== organizationId) return 'not_found'
        const names = [...rows(draft.invites)].some(invite => invite.templateId === id && statusAt(invite, now) === 'pending')
        if (names) return 'in_use'
        bump(draft, organizationId)
        draft.templates.delete(id)
        return 'removed'
      }),
  }
}

function takeDefault(
  draft: Tables,
  { id, organizationId, updatedAt }: Pick<TemplateRecord, 'id' | 'organizationId' | 'updatedAt'>,
) {
  bump(draft, organizationId)
  for (const each of [...rows(draft.templates)]) {
    if (each.isDefault && each.organizationId === organizationId && each.id !== id)
      draft.templates.set(each.id, { ...each, isDefault: false, updatedAt })
  }
}

const bump = ({ revisions }: Tables, organizationId: string) =>
  revisions.set(organizationId, (revisions.get(organizationId) ?? 0) + 1)
