// createInvites: the options checked, the parts put together, the calls of the library.
import { uuidv7 } from 'uuidv7'
import type { PhoneParser } from '../domain/address.ts'
import type { RoleRules } from '../domain/roles.ts'
import type { Writer } from '../ports/writer.ts'
import * as answers from './answers.ts'
import type { Invites } from './calls.ts'
import { hit } from './counters.ts'
import * as making from './create.ts'
import { closeDoors } from './doors.ts'
import { checked, integer, object, optional, text } from './input/check.ts'
import type { Kit } from './kit.ts'
import * as listing from './listing.ts'
import * as manage from './manage.ts'
import type { InvitesOptions, RoleOf } from './options/options.ts'
import { checkOptions } from './options/settings.ts'
import { placeFrom } from './options/urls.ts'
import { createTransact } from './path/transact.ts'
import type { Performed } from './perform.ts'
import { contextOf, joining } from './place.ts'
import { createPreviewed } from './previewed.ts'
import * as queries from './queries.ts'
import { receive } from './receive.ts'
import { createNotice } from './relay/notice.ts'
import { createRelay } from './relay/relay.ts'
import { reminds, upkeep } from './relay/upkeep.ts'
import { remind } from './remind.ts'
import { report } from './report.ts'
import * as roster from './roster.ts'
import { markReplayed } from './show/replayed.ts'
import * as suppressions from './suppressions.ts'
import { sweep } from './sweep.ts'
import * as templates from './templates/calls.ts'
import { preview } from './templates/preview.ts'

/** What the main entry brings along, loaded when it is first needed. */
export interface Defaults {
  readonly phoneParser: () => Promise<PhoneParser>
  readonly writer: () => Promise<Writer>
}

export function makeInvites<Tx, const Roles extends RoleRules, Metadata, MetadataInput>(
  options: InvitesOptions<Tx, Roles, Metadata, boolean, MetadataInput>,
  defaults: Defaults,
): Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput> {
  const settings = checkOptions(options, defaults.writer)
  const { storage } = settings
  const notice = createNotice(settings.onError)
  const relay = createRelay(settings, { notice, newId: uuidv7, upkeep: isOver => upkeep(kit, isOver) })
  const tools = { newId: uuidv7, deliver: relay.deliver, nudge: relay.nudge, hears: notice.hears }
  const transact = createTransact(settings, tools)
  const { phone } = settings
  const kit: Kit<Tx> = {
    settings,
    transact,
    previewed: createPreviewed(),
    tools,
    newId: uuidv7,
    phoneParser: phone === undefined ? defaults.phoneParser : async () => phone,
  }
  const invites = {
    create: (input, context) => making.create(kit, input, context),
    createMany: (input, context) => making.createMany(kit, input, context),
    get: (input, context) => queries.get(kit, input, context),
    list: (input, context) => listing.list(kit, input, context),
    each: (input, context) => listing.each(kit, input, context),
    mine: (input, context) => answers.mine(kit, input, context),
    preview: (input, context) => answers.preview(kit, input, context),
    open: (input, context) => answers.open(kit, input, context),
    async accept(input, context) {
      const { view, answer, replayed } = await answers.accept(kit, input, context)
      return markReplayed({ invite: view, member: answer.member ?? null, repeated: answer.repeated ?? false }, replayed)
    },
    decline: async (input, context) => shown(await answers.decline(kit, input, context)),
    renew: (input, context) => answers.renew(kit, input, context),
    resend: async (input, context) => shown(await manage.resend(kit, input, context)),
    revoke: async (input, context) => shown(await manage.revoke(kit, input, context)),
    update: async (input, context) => shown(await manage.update(kit, input, context)),
    link: (input, context) => manage.link(kit, input, context),
    history: (input, context) => queries.history(kit, input, context),
    summary: (input, context) => queries.summary(kit, input, context),
    erase: (input, context) => manage.erase(kit, input, context),
    members: {
      add: (input, context) => roster.addMember(kit, input, context),
      setRole: (input, context) => roster.setRole(kit, input, context),
      remove: (input, context) => roster.removeMember(kit, input, context),
      get: (input, context) => roster.getMember(kit, input, context),
      list: (input, context) => roster.listMembers(kit, input, context),
    },
    templates: {
      create: (input, context) => templates.create(kit, input, context),
      get: (input, context) => templates.get(kit, input, context),
      list: (input, context) => templates.list(kit, input, context),
      update: (input, context) => templates.update(kit, input, context),
      remove: (input, context) => templates.remove(kit, input, context),
      preview: (input, context) => preview(kit, input, context),
    },
    suppressions: {
      add: (input, context) => suppressions.add(kit, input, context),
      remove: (input, context) => suppressions.remove(kit, input, context),
      has: (input, context) => suppressions.has(kit, input, context),
      look: input => suppressions.look(kit, input),
      stop: input => suppressions.stop(kit, input),
      resume: input => suppressions.resume(kit, input),
    },
    report: input => report(kit, input),
    receive: callback => receive(kit, callback),
    touch: async (input, context) => storage.touch(checked(touchShape, input).organizationId, contextOf(context, joining).tx),
    async sweep(input = {}) {
      const { batch } = checked(sweepShape, input)
      const expired = await sweep(kit, { batch })
      return { expired, reminded: reminds(settings.reminders) ? await remind(kit, { batch }) : 0 }
    },
    migrate: () => storage.migrate(),
    async close() {
      await relay.stop()
      await closeDoors(settings)
      await storage.close()
    },
    on: (type, listener) => notice.on(type, listener as Parameters<typeof notice.on>[1]),
    relay,
    config: {
      publicUrl: settings.publicUrl,
      roles: Object.keys(settings.roles),
      pages: settings.pages,
      trustedOrigins: settings.trustedOrigins,
      placeFrom: place => placeFrom(place, settings.publicUrl),
      onError: settings.onError,
      listsMembers: settings.members === null || settings.members.list !== undefined,
      hit: (counter, windowMs, by) => hit(settings, counter, windowMs, { by }),
    },
  } as Untyped as Invites<RoleOf<Roles>, Tx, Metadata, MetadataInput>
  return invites
}

/** The calls before the host's own roles and metadata are put on their types. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are unknown here, and checked by each call
type Untyped = { [K in keyof Invites]: Invites<any, any, any, any>[K] }

const shown = ({ view, replayed }: Performed) => markReplayed({ invite: view }, replayed)

const touchShape = object({ organizationId: text(255) })
const sweepShape = object({ batch: optional(integer(1, 10_000), 500) })
