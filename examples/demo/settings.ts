// What the environment may change: PORT, DATABASE_URL, SMTP_URL, DEMO_DATABASE, INVITE_KEY.
import { mkdirSync, rmSync } from 'node:fs'
import { giveUp } from './listen.ts'

export interface Settings {
  /** 0 takes any free port. */
  readonly port: number
  /** Postgres instead of SQLite; the demo keeps to a schema of its own in it. */
  readonly databaseUrl: string | undefined
  /** A mail server of yours instead of the demo's own. */
  readonly smtpUrl: string | undefined
  /** The secret that links are derived from. */
  readonly key: string
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = Number(env['PORT'] || 3000)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    giveUp(`PORT must be a number from 0 to 65535, not ${JSON.stringify(env['PORT'])}.`)
  }
  return {
    port,
    databaseUrl: env['DATABASE_URL'] || undefined,
    smtpUrl: env['SMTP_URL'] || undefined,
    // Good for a demo that only this machine can reach. Yours: `openssl rand -hex 32`, from your secrets.
    key: env['INVITE_KEY'] || 'de'.repeat(32),
  }
}

/** A new file at every start, one for each port; DEMO_DATABASE names one that is kept. */
export function databaseFile(port: number): string {
  const kept = process.env['DEMO_DATABASE']
  if (kept) return kept
  mkdirSync('.demo', { recursive: true })
  const file = `.demo/acme-${port}.db`
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  return file
}
