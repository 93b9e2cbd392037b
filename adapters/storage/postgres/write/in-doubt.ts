// Commits in doubt: the connection was lost during the commit, so the database is asked for the outcome until it is final.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Changes, Committed } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import { storageError } from '../../sql/errors.ts'
import type { Names } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'

/**
 * Asks until there is an answer, for at most `timeoutMs`. The lost statement may still arrive, so `outcome` must first make
 * sure that the revision is passed.
 */
export async function resolveInDoubt(outcome: () => Promise<Committed>, timeoutMs: number): Promise<Committed> {
  const until = performance.now() + timeoutMs
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    try {
      return await before(until, outcome())
    } catch (error) {
      if (performance.now() + wait > until) throw storageError('unavailable', unknown, error)
    }
    await sleep(wait * (0.5 + Math.random()))
  }
}

const unknown =
  'the connection was lost during the commit, and the database does not say how it ended: look before you repeat the call'

/** Rejects at `until`: a connection that nobody ended may never answer. */
async function before<T>(until: number, answer: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const end = sleep(Math.max(until - performance.now(), 0), null, { signal: timer.signal, ref: true })
  const timeout = end.then(() => {
    throw new Error('no answer in time')
  })
  timeout.catch(() => {})
  try {
    return await Promise.race([answer, timeout])
  } finally {
    timer.abort()
  }
}

export interface Landed {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/**
 * Looks for a row that only this commit can have written. The answer is final once its revision is passed. Null when it wrote
 * no such row; deciding again then loses nothing.
 */
export function landedQuery({ events, kept, members }: Names, changes: Changes): Landed | null {
  const { organizationId } = changes
  const [event] = changes.events
  if (event) return exists(`${events} where id = $1`, [event.id])
  const [answer] = changes.idempotency
  if (answer)
    return exists(`${kept} where ${own} and key = $2 and at = ${at}`, [organizationId, answer.key, postgres.time(answer.at)])
  const [member] = changes.members
  if (!member) return null
  const row = [organizationId, member.userId, postgres.time(member.at), member.role]
  return exists(`${members} where ${own} and user_id = $2 and at = ${at} and role = $4`, row)
}

const own = 'organization_id = $1'
const at = postgres.cast('$3', 'time')

const exists = (where: string, parameters: readonly Parameter[]): Landed => ({
  text: `select cast(exists (select 1 from ${where}) as text) as landed`,
  parameters,
})
