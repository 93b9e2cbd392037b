// What adapters build on, and all of the public surface that needs none of them.

// Making it

export type { ExpiryNotices, InvitesOptions, Pages, RelayOptions, RoleOf } from './api/options.ts'
export { defaultRoles, type RoleRules } from './domain/roles.ts'
export type { MetadataSchema } from './ports/metadata-schema.ts'

// Calling it

export type { ActorInput as Actor, Context, InTransaction, OpenContext } from './api/context.ts'
export type {
  BulkInput,
  BulkItem,
  ByToken,
  ByTokenOrId,
  CreateInput,
  ListInput,
  RecipientInput,
  TemplateInput,
  TemplateSample,
} from './api/inputs.ts'
export type { Invites } from './api/invites.ts'
export type { CallbackAnswer, Config, Relay } from './api/operations.ts'
export type {
  Accepted,
  BulkAnswer,
  BulkResult,
  Created,
  HistoryEntry,
  ListAnswer,
  Listed,
  MemberView,
  PageTexts,
  Preview,
  Summary,
  Template,
  TemplatePages,
  TemplatePreview,
} from './api/results.ts'
export type { SuppressionCalls, SuppressionPreview } from './api/suppressions.ts'
export type { TemplateContext } from './api/templates.ts'
export { isReplayed } from './views/replayed.ts'

// What it speaks of

export { type Duration, toMilliseconds } from './domain/duration.ts'
export type { InviteEventType } from './domain/event.ts'
export type { InviteStatus, Json, JsonObject } from './domain/invite.ts'
export type { Limits } from './domain/limits.ts'
export type { Reminder } from './domain/reminders.ts'
export { toCode } from './domain/token.ts'
export type { Delivery, Invite, Recipient } from './ports/invite.ts'

// What goes wrong

export { fail, InviteError, isInviteError } from './api/error.ts'
export type { Flaw, Rejection, RejectionCode, RejectionFacts } from './domain/rejection.ts'

// What can be plugged in

export type { PhoneParser } from './domain/address.ts'
export type { Directory, UserEntry } from './ports/directory.ts'
export type { FoundMember, MemberPage, MemberQuery, MembersPort, NewMember } from './ports/members.ts'
export type { MessageFacts, NoticeFacts, Render, Rendered } from './ports/render.ts'
export type { InviteEvent, Sink } from './ports/sink.ts'
export type * from './ports/template-engine.ts'
export type { Callback, Choice, OutgoingMessage, Received, Report, Transport } from './ports/transport.ts'

// For authors of adapters: how options are checked

export {
  asGiven,
  hasFunctions,
  knownOptions,
  type OptionChecks,
  type Refuse,
  refuseAs,
  runChecks,
  unsetHint,
} from './validation/known-options.ts'
export { isRecord } from './validation/validators.ts'

// What a storage of your own is made of

export type { EmailKey, PhoneKey } from './domain/address.ts'
export type { InviteId, InviteRecord, RecipientRecord, Use } from './domain/invite.ts'
export type { DailyCount, IdempotencyRecord, MemberFact } from './domain/state.ts'
export type * from './ports/storage/changes.ts'
export type * from './ports/storage/delivery-reports.ts'
export type { DisabledSink, DisabledSinks } from './ports/storage/disabled-sinks.ts'
export type * from './ports/storage/facts.ts'
export type * from './ports/storage/lists.ts'
export type * from './ports/storage/outbox.ts'
export type * from './ports/storage/rows.ts'
export type * from './ports/storage/speculation.ts'
export type * from './ports/storage/storage.ts'
export type * from './ports/storage/suppressions.ts'
export type * from './ports/storage/templates.ts'
