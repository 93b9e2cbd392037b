// Every call of the library. The docstrings in calls/ are what an editor shows.
import type { JsonObject } from '../domain/invite.ts'
import type { Answering } from './calls/answering.ts'
import type { Inviting } from './calls/inviting.ts'
import type { Keeping } from './calls/keeping.ts'
import type { Looking } from './calls/looking.ts'
import type { Running } from './calls/running.ts'
import type { Suppressing } from './calls/suppressing.ts'
import type { Templating } from './calls/templating.ts'

/** What `createInvites` makes: a plain object, whose calls need no `this`. */
export interface Invites<Role extends string = string, Tx = unknown, Metadata = JsonObject, MetadataInput = Metadata>
  extends Inviting<Role, Tx, Metadata, MetadataInput>,
    Looking<Role, Tx, Metadata>,
    Answering<Role, Tx, Metadata>,
    Running<Role, Tx> {
  /** Stored texts and looks. */
  readonly templates: Templating<Tx>
  /** The built-in member table. */
  readonly members: Keeping<Role, Tx>
  /** Who wants no more messages from an organization. */
  readonly suppressions: Suppressing
}
