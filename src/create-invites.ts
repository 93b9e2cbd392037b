// createInvites: the options checked, the parts put together, the calls of the library.
import { uuidv7 } from 'uuidv7'
import type { Invites } from './api/invites.ts'
import type { InvitesOptions, RoleOf } from './api/options.ts'
import { createPreviewCache } from './commit/preview-cache.ts'
import type { Services } from './commit/services.ts'
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
import * as making from './usecases/create.ts'
import { report } from './usecases/delivery-report.ts'
import type { CallResult } from './usecases/execute.ts'
import * as answers from './usecases/invitee.ts'
import * as listing from './usecases/list.ts'
import * as manage from './usecases/manage.ts'
import * as roster from './usecases/members.ts'
import { receive } from './usecases/provider-callback.ts'
import * as queries from './usecases/queries.ts'
import { incrementCounter } from './usecases/rate-counter.ts'
import * as suppressions from './usecases/suppressions.ts'
import { preview } from './usecases/template-preview.ts'
import * as templates from './usecases/templates.ts'
import { checked, integer, object, optional, text } from './validation/validators.ts'
import { markReplayed } from './views/replayed.ts'

/** What the main entry brings along, loaded when it is first needed. */
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
  const transact = createTransact(settings, delivery)
  const { phoneParser: phone } = settings
  const services: Services<Tx> = {
    settings,
    transact,
    previewCache: createPreviewCache(),
    delivery,
    newId: uuidv7,
    phoneParser: phone === undefined ? defaults.phoneParser : async () => phone,
  }
  const maintained = withMaintenance(relay, services)
  const ending = createClosing(settings, maintained.stop)
  const open = () => {
    ending.assertOpen()
    return services
  }
  const invites = {
    create: async (input, context) => making.create(open(), input, context),
    createMany: async (input, context) => making.createMany(open(), input, context),
    get: async (input, context) => queries.get(open(), input, context),
    list: async (input, context) => listing.list(open(), input, context),
    async *each(input, context) {
      yield* listing.each(open(), input, context)
    },
    mine: async (input, context) => answers.mine(open(), input, context),
    preview: async (input, context) => answers.preview(open(), input, context),
    open: async (input, context) => answers.open(open(), input, context),
    async accept(input, context) {
      const { view, answer, replayed } = await answers.accept(open(), input, context)
      return markReplayed({ invite: view, member: answer.member ?? null, repeated: answer.repeated ?? false }, replayed)
    },
    decline: async (input, context) => shown(await answers.decline(open(), input, context)),
    renew: async (input, context) => answers.renew(open(), input, context),
    resend: async (input, context) => shown(await manage.resend(open(), input, context)),
    revoke: async (input, context) => shown(await manage.revoke(open(), input, context)),
    update: async (input, context) => shown(await manage.update(open(), input, context)),
    link: async (input, context) => manage.link(open(), input, context),
    history: async (input, context) => queries.history(open(), input, context),
    summary: async (input, context) => queries.summary(open(), input, context),
    erase: async (input, context) => manage.erase(open(), input, context),
    members: {
      add: async (input, context) => roster.addMember(open(), input, context),
      setRole: async (input, context) => roster.setRole(open(), input, context),
      remove: async (input, context) => roster.removeMember(open(), input, context),
      get: async (input, context) => roster.getMember(open(), input, context),
      list: async (input, context) => roster.listMembers(open(), input, context),
    },
    templates: {
      create: async (input, context) => templates.create(open(), input, context),
      get: async (input, context) => templates.get(open(), input, context),
      list: async (input, context) => templates.list(open(), input, context),
      update: async (input, context) => templates.update(open(), input, context),
      remove: async (input, context) => templates.remove(open(), input, context),
      preview: async (input, context) => preview(open(), input, context),
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
    close: ending.close,
    on(type, listener) {
      ending.assertOpen()
      return listeners.on(type, listener as Parameters<typeof listeners.on>[1])
    },
    relay: untilClosed(maintained, ending),
    config: {
      publicUrl: settings.publicUrl,
      roles: Object.keys(settings.roles),
      pages: settings.pages,
      trustedOrigins: settings.trustedOrigins,
      safeRedirect: place => safeRedirect(place, settings.publicUrl),
      onError: settings.onError,
      listsMembers: settings.members === null || settings.members.list !== undefined,
      incrementCounter: (counter, windowMs, by) => incrementCounter(settings, counter, windowMs, { by }),
    },
  } as Untyped as Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput>
  return invites
}

/** The calls before the host's own roles and metadata are put on their types. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are unknown here, and checked by each call
type Untyped = { [K in keyof Invites]: Invites<any, any, any, any>[K] }

const shown = ({ view, replayed }: CallResult) => markReplayed({ invite: view }, replayed)

const touchShape = object({ organizationId: text(255) })
const sweepShape = object({ batch: optional(integer(1, 10_000), 500) })
