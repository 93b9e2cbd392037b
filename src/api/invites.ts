// Every call of the library. The docstrings in calls/ are what an editor shows.
import type { JsonObject } from '../domain/invite.ts'
import type { InviteeCalls } from './invitee.ts'
import type { InviterCalls } from './inviter.ts'
import type { MemberCalls } from './members.ts'
import type { OperationCalls } from './operations.ts'
import type { QueryCalls } from './queries.ts'
import type { SuppressionCalls } from './suppressions.ts'
import type { TemplateCalls } from './templates.ts'

/** What `createInvites` makes: a plain object, whose calls need no `this`. */
export interface Invites<Role extends string = string, Tx = unknown, Metadata = JsonObject, MetadataInput = Metadata>
  extends InviterCalls<Role, Tx, Metadata, MetadataInput>,
    QueryCalls<Role, Tx, Metadata>,
    InviteeCalls<Role, Tx, Metadata>,
    OperationCalls<Role, Tx> {
  /** Stored texts and looks. */
  readonly templates: TemplateCalls<Tx>
  /** The built-in member table. */
  readonly members: MemberCalls<Role, Tx>
  /** Who wants no more messages from an organization. */
  readonly suppressions: SuppressionCalls
}
