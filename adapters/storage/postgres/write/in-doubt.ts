// The connection was lost while a commit was under way: it is asked for until the answer is final, never taken for one or the other.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Changes, Committed } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import { storageError } from '../../sql/errors.ts'
import type { Names } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'

/**
 * Asks until it is answered, for at most `timeoutMs`. The verdict must be one that stays true: what was sent
 * may still arrive, so it first makes sure that the revision is passed.
 */
export async function resolveInDoubt(verdict: () => Promise<Committed>, timeoutMs: number): Promise<Committed> {
  const until = performance.now() + timeoutMs
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    try {
      return await before(until, verdict())
    } catch (error) {
      if (performance.now() + wait > until) throw storageError('unavailable', unknown, error)
    }
    await sleep(wait * (0.5 + Math.random()))
  }
}

const unknown =
  'the connection was lost during the commit, and the database does not say how it ended: look before you repeat the call'

/** An answer that does not come, on a connection that nobody ended, must not hold the caller. */
async function before<T>(until: number, answer: Promise<T>): Promise<T> {
  const late = new AbortController()
  const end = sleep(Math.max(until - performance.now(), 0), null, { signal: late.signal, ref: true })
  const silence = end.then(() => {
    throw new Error('no answer in time')
  })
  silence.catch(() => {})
  try {
    return await Promise.race([answer, silence])
  } finally {
    late.abort()
  }
}

export interface Landed {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/**
 * Asks for a row that only this commit can have written: final once its revision is passed. Null when it wrote none;
 * then nothing is lost by deciding again.
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
