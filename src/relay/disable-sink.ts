// A sink whose receiver is gone: switched off in storage, for every process, until the host switches it on again.

import { nowOf, type Settings } from '../options/settings.ts'
import { failureOf, isExpected } from './failure.ts'

/** Whether the receiver wants no event ever again, as a webhook says by 410. */
export const isGone = (error: unknown): boolean => (error as { gone?: unknown } | null)?.gone === true

/** The host is told once, by whichever process was the first to hear of it. */
export async function disableSink<Tx>(settings: Settings<Tx>, name: string, error: unknown): Promise<void> {
  const { storage, onError } = settings
  const reason = isExpected(error) ? failureOf(error) : 'the receiver is gone'
  if (!(await storage.disabledSinks.disable({ name, disabledAt: nowOf(settings), reason }))) return
  const call = `invites.relay.enable(${JSON.stringify(name)})`
  onError(new Error(`${reason}: its events are dropped until you call ${call}`, { cause: error }), { where: `sink ${name}` })
}
