// What every call is made of: the settings, the path, and the parser of phone numbers.
import type { PhoneParser } from '../domain/address.ts'
import type { Settings } from '../options/settings.ts'
import type { DeliveryHandle } from './handoff.ts'
import type { PreviewCache } from './preview-cache.ts'
import type { Transact } from './transact.ts'

export interface Services<Tx = unknown> {
  readonly settings: Settings<Tx>
  readonly transact: Transact<Tx>
  readonly previewCache: PreviewCache
  /** For what is written beside a commit. */
  readonly delivery: DeliveryHandle
  readonly newId: () => string
  readonly phoneParser: () => Promise<PhoneParser>
}
