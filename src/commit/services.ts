// What every use case gets: the checked settings, the write path, and what both need.
import type { PhoneParser } from '../domain/address.ts'
import type { Settings } from '../options/settings.ts'
import type { DeliveryHandle } from './changes.ts'
import type { LookUpInvite } from './speculation/speculation.ts'
import type { Transact } from './transact.ts'

export interface Services<Tx = unknown> {
  readonly settings: Settings<Tx>
  readonly transact: Transact<Tx>
  readonly lookUpInvite: LookUpInvite<Tx>
  /** For messages that are not written by `transact`. */
  readonly delivery: DeliveryHandle
  readonly newId: () => string
  readonly phoneParser: () => Promise<PhoneParser>
}
