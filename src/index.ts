// The public surface of `invitekit`.

// Making it
export { createInvites } from './create.ts'
export type { InvitesOptions, Pages, RelayOptions, RoleOf } from './usecases/options.ts'
export type { MetadataSchema } from './usecases/metadata.ts'
export { consoleTransport } from '../adapters/transport/console.ts'

// Calling it
export type {
  Accepted,
  Actor,
  BulkAnswer,
  BulkInput,
  BulkResult,
  ByToken,
  ByTokenOrId,
  Config,
  Context,
  Created,
  CreateInput,
  HistoryEntry,
  InTransaction,
  Invites,
  ListAnswer,
  Listed,
  ListInput,
  MemberView,
  OpenContext,
  Preview,
  RecipientInput,
  Relay,
  Summary,
} from './usecases/calls.ts'

// What goes wrong
export type { Flaw, Rejection, RejectionCode, RejectionFacts } from './domain/rejection.ts'
export { fail, InviteError, isInviteError } from './usecases/error.ts'
export { isReplayed } from './usecases/replayed.ts'

// What it speaks of
export { type Duration, toMilliseconds } from './domain/duration.ts'
export type { InviteEventType } from './domain/event.ts'
export type { InviteId, InviteRecord, InviteStatus, Json, JsonObject, RecipientRecord, Use } from './domain/invite.ts'
export type { Limits, Tally } from './domain/limits.ts'
export { defaultRoles, type RoleRules } from './domain/roles.ts'
export type { Delivery, Invite, Recipient } from './ports/invite.ts'

// What can be plugged in
export type { EmailKey, PhoneKey, PhoneParser } from './domain/address.ts'
export type { Kept, MemberFact } from './domain/slice.ts'
export type { Directory } from './ports/directory.ts'
export type { InviteEvent, Sink } from './ports/events.ts'
export type { FoundMember, MemberQuery, MembersPort } from './ports/members.ts'
export type * from './ports/storage.ts'
export type { OutgoingMessage, Transport } from './ports/transport.ts'
export type { MessageFacts, Render, Rendered } from './usecases/render.ts'
