// NOTIFY after commits, and the connection that listens for those of other processes (LISTEN).
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

/** At most one NOTIFY of a process in this time: each takes a lock that all notifying transactions share. */
const minIntervalMs = 100
/** How long to wait for a notification of our own that proves that the connection receives any. */
const echoTimeoutMs = 3_000
/** The wait before a lost connection is opened again. It doubles each time. */
const [minReconnectMs, maxReconnectMs] = [100, 30_000]

const cannotHear =
  'what one connection says no other hears, as behind a PgBouncer in transaction mode, so what other processes commit is found ' +
  'by polling; say `listen: false`, or give the relay a storage with a direct connection'

export function createNotify<Tx>({ connector, names, isListening }: NotifyParts<Tx>): Pick<Outbox, 'wake' | 'listen'> {
  const channel = `invitekit_${createHash('sha256').update(names.outbox).digest('hex').slice(0, 24)}`
  /** This process's id: its own notifications are ignored. */
  const own = randomUUID()
  let next: Promise<void> | null = null
  let notifiedAt = Number.NEGATIVE_INFINITY

  const notify = async (kind: 'wake' | 'echo') =>
    void (await connector.query('select cast(pg_notify($1, $2) as text) as called', [channel, `${own} ${kind}`]))

  async function notifySoon(): Promise<void> {
    await sleep(Math.max(0, notifiedAt + minIntervalMs - performance.now()))
    // A commit from here on may come after this notification, so it needs another.
    next = null
    notifiedAt = performance.now()
    // Only a hint: relays also poll, and calls that need the database report that it is gone.
    await notify('wake').catch(() => {})
  }

  function wake(): Promise<void> {
    next ??= notifySoon()
    return next
  }

  function listen(listener: Listener): () => Promise<void> {
    const over = new AbortController()
    let end: (() => Promise<void>) | undefined

    /** Listens until the connection is lost. Throws when no notification arrives. */
    async function listenOnce(): Promise<void> {
      const [echo, loss] = [createGate(), createGate()]
      const heard = (payload: string) => {
        if (payload === `${own} echo`) echo.open()
        else if (payload.endsWith(' wake') && !payload.startsWith(own)) listener.heard()
      }
      end = await connector.listen?.(channel, { heard, lost: loss.open })
      if (over.signal.aborted) return
      // Sent on another connection, as other processes do: a pooler may deliver a connection's own notifications only.
      await notify('echo')
      if ((await within(Promise.race([echo.opened, loss.opened]), echoTimeoutMs)) === null) throw new Error(cannotHear)
      listener.heard()
      await loss.opened
    }

    async function keepListening(): Promise<void> {
      let isReported = false
      for (let losses = 0; !over.signal.aborted; losses += 1) {
        const since = performance.now()
        const error: unknown = await listenOnce().then(
          () => null,
          reason => reason,
        )
        await end?.()
        end = undefined
        if (error !== null && !isReported && !over.signal.aborted) listener.failed(error)
        isReported = error !== null
        if (error instanceof Error && error.message === cannotHear) return
        if (performance.now() - since > maxReconnectMs) losses = 0
        const wait = Math.min(maxReconnectMs, minReconnectMs * 2 ** losses) * (0.5 + Math.random() / 2)
        await sleep(wait, null, { signal: over.signal }).catch(() => {})
      }
    }

    const listening = keepListening()
    return async () => {
      over.abort()
      const isConnected = end !== undefined
      await end?.()
      // An attempt that is still connecting ends by itself.
      if (isConnected) await listening
    }
  }

  return isListening && connector.listen ? { wake, listen } : { wake }
}
