// Are the tables of a version that this code knows?
import { migrateFirst, storageError } from './errors.ts'
import { latest } from './migrations.ts'

export interface Version {
  readonly version: number | null
  readonly reader: number | null
}

/** Throws `not_migrated` when the tables are older than this code, or too new for it. */
export function assertVersion({ version, reader }: Version): void {
  if (version === null || version < latest) {
    throw storageError('not_migrated', `the tables are at version ${version ?? 0} of ${latest}: ${migrateFirst}`)
  }
  if (reader !== null && reader > latest) {
    throw storageError('not_migrated', `the tables need version ${reader} of the code and this is ${latest}: update invitekit`)
  }
}
