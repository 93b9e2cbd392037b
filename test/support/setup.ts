// One Postgres for a whole test run: `inject('postgresUrl')`, and `inject('postgresLog')` for its log file.
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
    /** Null when the server was given by TEST_DATABASE_URL. */
    postgresLog: string | null
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, logFile, stop } = await startPostgres()
  project.provide('postgresUrl', url)
  project.provide('postgresLog', logFile)
  return stop
}
