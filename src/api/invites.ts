// Every call of the library. The docstrings in calls/ are what an editor shows.
import type { JsonObject } from '../domain/invite.ts'
import type { Answering } from './invitee.ts'
import type { Inviting } from './inviter.ts'
import type { Keeping } from './members.ts'
import type { Running } from './operations.ts'
import type { Looking } from './queries.ts'
import type { Suppressing } from './suppressions.ts'
import type { Templating } from './templates.ts'

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
