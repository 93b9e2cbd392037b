// What every call is made of: the settings, the path, and the parser of phone numbers.
import type { PhoneParser } from '../domain/address.ts'
import type { Settings } from '../options/settings.ts'
import type { Tools } from './handoff.ts'
import type { Previewed } from './preview-cache.ts'
import type { Transact } from './transact.ts'

export interface Kit<Tx = unknown> {
  readonly settings: Settings<Tx>
  readonly transact: Transact<Tx>
  readonly previewed: Previewed
  /** For what is written beside a commit. */
  readonly tools: Tools
  readonly newId: () => string
  readonly phoneParser: () => Promise<PhoneParser>
}
