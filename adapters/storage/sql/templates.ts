// Templates in both dialects: reads are one statement each, writes are steps of one transaction.
import type { TemplateRecord, Templates } from '../../../src/core.ts'
import { type Dialect, outgoing, type Parameter, type RawRow, type Run, selected } from './dialect.ts'
import { templateRecords } from './rows.ts'
import type { Names } from './tables.ts'

export interface Step {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

interface Setup<Tx> {
  readonly dialect: Dialect
  readonly names: Names
  readonly run: Run<Tx>
  /** Runs all steps in one transaction and returns their rows. With a `guard` that organization's revision is bumped first. */
  readonly unit: (unit: Unit, tx: Tx | undefined) => Promise<readonly (readonly RawRow[])[]>
}

export interface Unit {
  readonly guard: string | null
  readonly steps: readonly Step[]
}

export function createTemplates<Tx>({ dialect, names, run, unit }: Setup<Tx>): Templates<Tx> {
  const { cast, each, among, whole, rowsOf, flag } = dialect
  const { templates, invites } = names
  const all = `select ${selected(outgoing(dialect, 'templates', 'x'))} from ${templates} x`
  const page = (past: string) =>
    whole(
      `${all} where ${among('x.organization_id', each('$1', 'organizations'))}${past} order by x.id limit ${cast('$2', 'int')}`,
    )
  const listText = page('')
  const afterText = page(` and x.id > ${cast('$3', 'id')}`)
  const findText = whole(
    `${all} where ${among('x.id', each('$1', 'ids', 'id'))} or (x.is_default and ${among('x.organization_id', each('$1', 'organizations'))})`,
  )
  const insertText = (isDefault: boolean) => `insert into ${templates}
  (id, organization_id, name, is_default, content, created_at, updated_at, created_by)
  values (${cast('$1', 'id')}, $2, $3, ${flag(isDefault)}, ${cast('$4', 'json')}, ${cast('$5', 'time')}, ${cast('$6', 'time')}, $7)
  returning '1' as done`
  const clearDefaultText = `update ${templates} set is_default = ${flag(false)}, updated_at = ${cast('$3', 'time')}
  where organization_id = $1 and is_default and id <> ${cast('$2', 'id')}`
  const ifExists = ` and exists (select 1 from ${templates} where id = ${cast('$2', 'id')} and organization_id = $1)`
  const updateText = (isDefault: boolean) => `update ${templates}
  set name = $3, is_default = ${flag(isDefault)}, content = ${cast('$4', 'json')}, updated_at = ${cast('$5', 'time')}
  where id = ${cast('$1', 'id')} and organization_id = $2 returning '1' as done`
  const oneText = whole(`${all} where x.id = ${cast('$1', 'id')} and x.organization_id = $2`)
  const removeText = `delete from ${templates} where id = ${cast('$1', 'id')} and organization_id = $2 and not exists (
    select 1 from ${invites} where template_id = $3 and status = 'pending' and expires_at > ${cast('$4', 'time')}
  ) returning '1' as done`

  /** Takes the default from the earlier one in the same transaction; for an update only if the template exists. */
  const clearDefault = (
    { id, organizationId, updatedAt }: Pick<TemplateRecord, 'id' | 'organizationId' | 'updatedAt'>,
    and = '',
  ) => ({
    text: `${clearDefaultText}${and} returning '1' as done`,
    parameters: [organizationId, id, dialect.time(updatedAt)],
  })
  const read = async (text: string, parameters: readonly Parameter[], tx: Tx | undefined) =>
    rowsOf(await run(text, parameters, tx)).map(row => templateRecords.fromRow(dialect, row))

  return {
    list: ({ organizationId, limit, after }, tx) => {
      const organizations = JSON.stringify({ organizations: [organizationId, ''] })
      return after === null ? read(listText, [organizations, limit], tx) : read(afterText, [organizations, limit, after], tx)
    },
    find: (wanted, tx) => read(findText, [JSON.stringify(wanted)], tx),
    async insert(template, tx) {
      const { id, organizationId, name, isDefault, content, createdAt, updatedAt, createdBy } = template
      const times = [dialect.time(createdAt), dialect.time(updatedAt)]
      const parameters = [id, organizationId, name, JSON.stringify(content), ...times, createdBy]
      const steps = [...(isDefault ? [clearDefault(template)] : []), { text: insertText(isDefault), parameters }]
      await unit({ guard: isDefault ? organizationId : null, steps }, tx)
    },
    async update(template, tx) {
      const { id, organizationId, name, isDefault, content, updatedAt } = template
      const parameters = [id, organizationId, name, JSON.stringify(content), dialect.time(updatedAt)]
      const steps = [
        ...(isDefault ? [clearDefault(template, ifExists)] : []),
        { text: updateText(isDefault), parameters },
        { text: oneText, parameters: [id, organizationId] },
      ]
      const answers = await unit({ guard: isDefault ? organizationId : null, steps }, tx)
      const [row] = rowsOf(answers.at(-1) ?? [])
      return row === undefined ? null : templateRecords.fromRow(dialect, row)
    },
    async remove({ id, organizationId, now }, tx) {
      const steps = [
        { text: removeText, parameters: [id, organizationId, id, dialect.time(now)] },
        { text: oneText, parameters: [id, organizationId] },
      ]
      const [removed = [], left = []] = await unit({ guard: organizationId, steps }, tx)
      if (removed.length > 0) return 'removed'
      return rowsOf(left).length > 0 ? 'in_use' : 'not_found'
    },
  }
}
