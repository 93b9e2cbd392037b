// Composition: checks the options, builds the parts, and exposes each use case as a call of `invites`.
import { uuidv7 } from 'uuidv7'
import type { Invites } from './api/invites.ts'
import type { InvitesOptions, RoleOf } from './api/options.ts'
import type { Services } from './commit/services.ts'
import { createSpeculativeCommit } from './commit/speculation/speculation.ts'
import { createTransact } from './commit/transact.ts'
import type { PhoneParser } from './domain/address.ts'
import type { RoleRules } from './domain/roles.ts'
import { contextFrom, openFields } from './input/caller.ts'
import { expireDue } from './maintenance/expire.ts'
import { hasReminders, withMaintenance } from './maintenance/maintenance.ts'
import { remindDue } from './maintenance/remind.ts'
import { checkOptions } from './options/settings.ts'
import { safeRedirect } from './options/urls.ts'
import type { TemplateEngine } from './ports/template-engine.ts'
import { createListeners } from './relay/listeners.ts'
import { createRelay } from './relay/relay.ts'
import { createClosing, untilClosed } from './usecases/close.ts'
import { create, createMany } from './usecases/create.ts'
import { report } from './usecases/delivery-report.ts'
import * as invitee from './usecases/invitee.ts'
import { each, list } from './usecases/list.ts'
import * as manage from './usecases/manage.ts'
import * as members from './usecases/members.ts'
import { receive } from './usecases/provider-callback.ts'
import * as queries from './usecases/queries.ts'
import { incrementCounter } from './usecases/rate-limits.ts'
import * as suppressions from './usecases/suppressions.ts'
import { preview as previewTemplate } from './usecases/template-preview.ts'
import * as templates from './usecases/templates.ts'
import { checked, integer, object, optional, text } from './validation/validators.ts'

/** Optional parts that the main entry provides; each is loaded when it is first used. */
export interface Defaults {
  readonly phoneParser: () => Promise<PhoneParser>
  readonly templateEngine: () => Promise<TemplateEngine>
}

export function makeInvites<Tx, const Roles extends RoleRules, Metadata, MetadataInput>(
  options: InvitesOptions<Tx, Roles, Metadata, boolean, MetadataInput>,
  defaults: Defaults,
): Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput> {
  const settings = checkOptions(options, defaults.templateEngine)
  const listeners = createListeners(settings.onError)
  const relay = createRelay(settings, { listeners, newId: uuidv7 })
  const delivery = { newId: uuidv7, deliver: relay.deliver, nudge: relay.nudge, hears: listeners.hears }
  const speculation = createSpeculativeCommit(settings)
  const { phoneParser } = settings
  const services: Services<Tx> = {
    settings,
    transact: createTransact(settings, delivery, speculation),
    lookUpInvite: speculation.lookUpInvite,
    delivery,
    newId: uuidv7,
    phoneParser: phoneParser === undefined ? defaults.phoneParser : async () => phoneParser,
  }
  const maintained = withMaintenance(relay, services)
  const closing = createClosing(settings, maintained.stop)
  /** What every call begins with: it throws after `close()`. */
  const open = () => {
    closing.assertOpen()
    return services
  }
  return {
    create: async (input, context) => create(open(), input, context),
    createMany: async (input, context) => createMany(open(), input, context),
    get: async (input, context) => queries.get(open(), input, context),
    list: async (input, context) => list(open(), input, context),
    async *each(input, context) {
      yield* each(open(), input, context)
    },
    mine: async (input, context) => invitee.mine(open(), input, context),
    preview: async (input, context) => invitee.preview(open(), input, context),
    open: async (input, context) => invitee.open(open(), input, context),
    accept: async (input, context) => invitee.accept(open(), input, context),
    decline: async (input, context) => invitee.decline(open(), input, context),
    renew: async (input, context) => invitee.renew(open(), input, context),
    resend: async (input, context) => manage.resend(open(), input, context),
    revoke: async (input, context) => manage.revoke(open(), input, context),
    update: async (input, context) => manage.update(open(), input, context),
    link: async (input, context) => manage.link(open(), input, context),
    history: async (input, context) => queries.history(open(), input, context),
    summary: async (input, context) => queries.summary(open(), input, context),
    erase: async (input, context) => manage.erase(open(), input, context),
    members: {
      add: async (input, context) => members.addMember(open(), input, context),
      setRole: async (input, context) => members.setRole(open(), input, context),
      remove: async (input, context) => members.removeMember(open(), input, context),
      get: async (input, context) => members.getMember(open(), input, context),
      list: async (input, context) => members.listMembers(open(), input, context),
    },
    templates: {
      create: async (input, context) => templates.create(open(), input, context),
      get: async (input, context) => templates.get(open(), input, context),
      list: async (input, context) => templates.list(open(), input, context),
      update: async (input, context) => templates.update(open(), input, context),
      remove: async (input, context) => templates.remove(open(), input, context),
      preview: async (input, context) => previewTemplate(open(), input, context),
    },
    suppressions: {
      add: async (input, context) => suppressions.add(open(), input, context),
      remove: async (input, context) => suppressions.remove(open(), input, context),
      has: async (input, context) => suppressions.has(open(), input, context),
      preview: async input => suppressions.preview(open(), input),
      unsubscribe: async input => suppressions.unsubscribe(open(), input),
      resubscribe: async input => suppressions.resubscribe(open(), input),
    },
    report: async input => report(open(), input),
    receive: async callback => receive(open(), callback),
    async touch(input, context) {
      const { tx } = contextFrom(open(), context, openFields)
      await settings.storage.touch(checked(touchShape, input).organizationId, tx)
    },
    async sweep(input = {}) {
      const { batch } = checked(sweepShape, input)
      const expired = await expireDue(open(), { batch })
      return { expired, reminded: hasReminders(settings.reminders) ? await remindDue(services, { batch }) : 0 }
    },
    migrate: async () => open().settings.storage.migrate(),
    close: closing.close,
    on(type, listener) {
      closing.assertOpen()
      return listeners.on(type, listener as Parameters<typeof listeners.on>[1])
    },
    relay: untilClosed(maintained, closing),
    config: {
      publicUrl: settings.publicUrl,
      roles: Object.keys(settings.roles),
      pages: settings.pages,
      trustedOrigins: settings.trustedOrigins,
      safeRedirect: target => safeRedirect(target, settings.publicUrl),
      onError: settings.onError,
      listsMembers: settings.members === null || settings.members.list !== undefined,
      incrementCounter: (counter, windowMs, by) => incrementCounter(settings, counter, windowMs, { by }),
    },
  } as Untyped as Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput>
}

/** The calls without the host's own role and metadata types. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are unknown here, and checked by each call
type Untyped = { [K in keyof Invites]: Invites<any, any, any, any>[K] }

const touchShape = object({ organizationId: text(255) })
const sweepShape = object({ batch: optional(integer(1, 10_000), 500) })
