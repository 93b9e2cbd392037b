// Processes that wake each other: NOTIFY after a commit, on its own and not for each, and one connection that listens.
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Listener, Outbox } from '../../../../src/core.ts'
import type { Connector } from '../../connectors/connector.ts'
import { within } from '../../connectors/deadline.ts'
import { createGate } from '../../connectors/timeouts.ts'
import type { Names } from '../../sql/tables.ts'

export interface NotifyParts<Tx> {
  readonly connector: Connector<Tx>
  readonly names: Names
  readonly isListening: boolean
}

/** Milliseconds between two calls of a process: each takes a lock that all who call share. */
const pauseMs = 100
/** Milliseconds in which a call is heard, where it is heard at all. */
const echoMs = 3_000
/** Milliseconds until a lost connection is made again: doubled each time, from the first up to the last. */
const [first, last] = [100, 30_000]

const deaf =
  'what one connection says no other hears, as behind a PgBouncer in transaction mode, so what other processes commit is found ' +
  'by polling; say `listen: false`, or give the relay a storage with a direct connection'

export function createNotify<Tx>({ connector, names, isListening }: NotifyParts<Tx>): Pick<Outbox, 'wake' | 'listen'> {
  const channel = `invitekit_${createHash('sha256').update(names.outbox).digest('hex').slice(0, 24)}`
  /** Whoever calls need not hear itself. */
  const own = randomUUID()
  let next: Promise<void> | null = null
  let calledAt = Number.NEGATIVE_INFINITY

  const call = async (word: 'wake' | 'echo') =>
    void (await connector.query('select cast(pg_notify($1, $2) as text) as called', [channel, `${own} ${word}`]))

  async function callSoon(): Promise<void> {
    await sleep(Math.max(0, calledAt + pauseMs - performance.now()))
    // Whoever wakes from here on has committed after this call, perhaps.
    next = null
    calledAt = performance.now()
    // Only a hint: whoever is not told polls, and that the database is gone is told to whoever needs an answer of it.
    await call('wake').catch(() => {})
  }

  function wake(): Promise<void> {
    next ??= callSoon()
    return next
  }

  function listen(listener: Listener): () => Promise<void> {
    const over = new AbortController()
    let end: (() => Promise<void>) | undefined

    /** Until the connection is lost. Throws when nothing can be heard. */
    async function hear(): Promise<void> {
      const [echo, loss] = [createGate(), createGate()]
      const heard = (payload: string) => {
        if (payload === `${own} echo`) echo.open()
        else if (payload.endsWith(' wake') && !payload.startsWith(own)) listener.heard()
      }
      end = await connector.listen?.(channel, { heard, lost: loss.open })
      if (over.signal.aborted) return
      // On another connection, as others call: what stands between may let a connection hear only itself.
      await call('echo')
      if ((await within(Promise.race([echo.opened, loss.opened]), echoMs)) === null) throw new Error(deaf)
      listener.heard()
      await loss.opened
    }

    async function keepHearing(): Promise<void> {
      let isTold = false
      for (let losses = 0; !over.signal.aborted; losses += 1) {
        const since = performance.now()
        const error: unknown = await hear().then(
          () => null,
          reason => reason,
        )
        await end?.()
        end = undefined
        if (error !== null && !isTold && !over.signal.aborted) listener.failed(error)
        isTold = error !== null
        if (error instanceof Error && error.message === deaf) return
        if (performance.now() - since > last) losses = 0
        const wait = Math.min(last, first * 2 ** losses) * (0.5 + Math.random() / 2)
        await sleep(wait, null, { signal: over.signal }).catch(() => {})
      }
    }

    const hearing = keepHearing()
    return async () => {
      over.abort()
      const isConnected = end !== undefined
      await end?.()
      // Whoever is still connecting ends by itself.
      if (isConnected) await hearing
    }
  }

  return isListening && connector.listen ? { wake, listen } : { wake }
}
