// `Invites`: all calls of the library. Their docstrings are in the files beside this one.
import type { JsonObject } from '../domain/invite.ts'
import type { InviteeCalls } from './invitee.ts'
import type { InviterCalls } from './inviter.ts'
import type { MemberCalls } from './members.ts'
import type { OperationCalls } from './operations.ts'
import type { QueryCalls } from './queries.ts'
import type { SuppressionCalls } from './suppressions.ts'
import type { TemplateCalls } from './templates.ts'

/** The result of `createInvites`: a plain object whose calls do not need `this`. */
export interface Invites<Role extends string = string, Tx = unknown, Metadata = JsonObject, MetadataInput = Metadata>
  extends InviterCalls<Role, Tx, Metadata, MetadataInput>,
    QueryCalls<Role, Tx, Metadata>,
    InviteeCalls<Role, Tx, Metadata>,
    OperationCalls<Role, Tx> {
  /** Stored templates: texts and brand. */
  readonly templates: TemplateCalls<Tx>
  /** The built-in member table. */
  readonly members: MemberCalls<Role, Tx>
  /** Addresses that want no messages from an organization. */
  readonly suppressions: SuppressionCalls
}
