// What adapters build on, and all of the public surface that needs none of them.

// Making it

export { defaultRoles, type RoleRules } from './domain/roles.ts'
export type { MetadataSchema } from './ports/metadata-schema.ts'
export type { ExpiryNotices, InvitesOptions, Pages, RelayOptions, RoleOf } from './usecases/options/options.ts'

// Calling it

export type { Actor, Context, InTransaction, OpenContext } from './usecases/calls/context.ts'
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
} from './usecases/calls/replies.ts'
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
} from './usecases/calls/requests.ts'
export type { CallbackAnswer, Config, Relay } from './usecases/calls/running.ts'
export type { Suppressing, Unsubscribing } from './usecases/calls/suppressing.ts'
export type { TemplateContext } from './usecases/calls/templating.ts'
export type { Invites } from './usecases/calls.ts'
export { isReplayed } from './usecases/show/replayed.ts'

// What it speaks of

export { type Duration, toMilliseconds } from './domain/duration.ts'
export type { InviteEventType } from './domain/event.ts'
export type { InviteStatus, Json, JsonObject } from './domain/invite.ts'
export type { Limits } from './domain/limits.ts'
export type { Reminder } from './domain/reminders.ts'
export { toCode } from './domain/token.ts'
export type { Delivery, Invite, Recipient } from './ports/invite.ts'

// What goes wrong

export type { Flaw, Rejection, RejectionCode, RejectionFacts } from './domain/rejection.ts'
export { fail, InviteError, isInviteError } from './usecases/error.ts'

// What can be plugged in

export type { PhoneParser } from './domain/address.ts'
export type { Directory, UserEntry } from './ports/directory.ts'
export type { InviteEvent, Sink } from './ports/events.ts'
export type { FoundMember, MemberPage, MemberQuery, MembersPort, NewMember } from './ports/members.ts'
export type { MessageFacts, NoticeFacts, Render, Rendered } from './ports/render.ts'
export type { Callback, Choice, OutgoingMessage, Received, Report, Transport } from './ports/transport.ts'
export type * from './ports/writer.ts'

// What a storage of your own is made of

export type { EmailKey, PhoneKey } from './domain/address.ts'
export type { InviteId, InviteRecord, RecipientRecord, Use } from './domain/invite.ts'
export type { Kept, MemberFact, Tally } from './domain/slice.ts'
export type * from './ports/changes.ts'
export type { DisabledSink, Endpoints } from './ports/endpoints.ts'
export type * from './ports/facts.ts'
export type * from './ports/guesses.ts'
export type * from './ports/lists.ts'
export type * from './ports/outbox.ts'
export type * from './ports/report.ts'
export type * from './ports/rows.ts'
export type * from './ports/storage.ts'
export type * from './ports/suppressions.ts'
export type * from './ports/templates.ts'
