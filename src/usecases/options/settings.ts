// The options after checking. A fault throws at the start, with a sentence that says how to mend it.
import type { PhoneParser } from '../../domain/address.ts'
import type { Acceptance, Reach } from '../../domain/decide/context.ts'
import type { ReminderPlan } from '../../domain/reminders.ts'
import { defaultRoles, isRole, type RoleRules } from '../../domain/roles.ts'
import { type Keyring, toKey, toSecret } from '../../domain/token.ts'
import type { Directory } from '../../ports/directory.ts'
import type { Sink } from '../../ports/events.ts'
import type { MembersPort } from '../../ports/members.ts'
import type { Storage } from '../../ports/storage.ts'
import type { Transport } from '../../ports/transport.ts'
import type { Render } from '../mail/render.ts'
import { createTemplateSource, type TemplateSource } from '../templates/source.ts'
import type { WriterSource } from '../templates/write.ts'
import { type LimitsOf, limitsOf, stop, time, whole } from './amounts.ts'
import { checkNotices, checkReminders, type ExpiryNotices } from './followups.ts'
import type { MetadataSchema } from './metadata.ts'
import type { InvitesOptions, Pages } from './options.ts'
import { checkOrigin, checkPattern, checkUrl } from './urls.ts'

/** Options after checking. */
export interface Settings<Tx = unknown> {
  readonly storage: Storage<Tx>
  readonly keys: Keyring
  readonly publicUrl: string
  readonly transports: ReadonlyMap<string, Transport>
  readonly reach: ReadonlyMap<string, Reach>
  readonly roles: RoleRules
  readonly limitsOf: LimitsOf
  readonly lifetime: number | null
  readonly acceptance: Acceptance
  readonly members: MembersPort<string, Tx> | null
  /** How long to wait for a function of `members`, in milliseconds. */
  readonly membersPatience: number
  readonly directory: Directory
  readonly linkPattern: string
  readonly defaultCountry: string | undefined
  readonly phone: PhoneParser | undefined
  readonly sinks: readonly Sink[]
  readonly pages: Pages
  readonly reminders: ReminderPlan
  /** Null when they are off. */
  readonly expiryNotices: ExpiryNotices | null
  readonly render: Render | undefined
  readonly templates: TemplateSource<Tx>
  readonly metadata: MetadataSchema<unknown> | undefined
  readonly trustedOrigins: readonly string[]
  readonly relay: {
    readonly inline: boolean | 'await'
    readonly lease: number
    readonly poll: number
    readonly batch: number
    readonly maxAttempts: number
    readonly waitUntil: ((delivery: Promise<unknown>) => void) | undefined
  }
  readonly onError: (error: unknown, context: { readonly where: string }) => void
  readonly clock: (() => Date) | undefined
}

/** For what is shown and sent: the host's clock, or this process's. Decisions take the storage's own, through `Question.now`. */
export const nowOf = ({ clock }: Pick<Settings, 'clock'>): Date => clock?.() ?? new Date()

export function checkOptions<Tx, Roles extends RoleRules, Metadata>(
  options: InvitesOptions<Tx, Roles, Metadata>,
  writer: WriterSource,
): Settings<Tx> {
  if (typeof options !== 'object' || options === null) stop('createInvites takes an object with storage, keys and publicUrl.')
  const unknown = Object.keys(options).find(key => !names.has(key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${[...names].join(', ')}.`)
  if (typeof options.storage?.commit !== 'function')
    stop('`storage` is missing: sqliteStorage, postgresStorage or memoryStorage.')
  const roles = checkRoles(options.roles ?? defaultRoles)
  const transports = new Map(Object.entries(options.transports ?? {}))
  for (const [channel, transport] of transports) {
    if (typeof transport?.send !== 'function') stop(`\`transports.${channel}\` has no \`send\` function.`)
    whole(`transports.${channel}.maxInFlight`, transport.maxInFlight ?? 5, 1)
    if (!((transport.perSecond ?? 1) > 0))
      stop(`\`transports.${channel}.perSecond\` must be more than 0; leave it out for no limit.`)
  }
  const relay = options.relay ?? {}
  return {
    storage: options.storage,
    keys: checkKeys(options.keys),
    publicUrl: checkUrl(options.publicUrl),
    transports,
    reach: new Map(
      [...transports].map(([channel, { reach }]) => [channel, reach ?? (channel === 'email' ? 'email' : 'phone')]),
    ),
    roles,
    limitsOf: limitsOf(options.limits ?? {}),
    lifetime: options.expiresIn === null ? null : time('expiresIn', options.expiresIn ?? '7d'),
    acceptance: checkAcceptance(options.acceptance ?? 'match'),
    members: (options.members ?? null) as MembersPort<string, Tx> | null,
    membersPatience: time('members.patience', options.members?.patience ?? '10s'),
    directory: options.directory ?? {},
    linkPattern: checkPattern(options.linkPattern ?? '{publicUrl}/i/{token}'),
    defaultCountry: checkCountry(options.defaultCountry),
    phone: options.phone,
    sinks: checkSinks(options.sinks ?? []),
    pages: options.pages ?? {},
    reminders: checkReminders(options.reminders ?? []),
    expiryNotices: checkNotices(options),
    render: options.render,
    templates: createTemplateSource(() => options.storage, writer),
    metadata: options.metadata,
    trustedOrigins: (options.trustedOrigins ?? []).map(origin => checkOrigin(origin)),
    relay: {
      inline: relay.inline ?? true,
      lease: time('relay.lease', relay.lease ?? '30s'),
      poll: time('relay.poll', relay.poll ?? '5s'),
      batch: whole('relay.batch', relay.batch ?? 50, 1),
      maxAttempts: whole('relay.maxAttempts', relay.maxAttempts ?? 10, 1),
      waitUntil: relay.waitUntil,
    },
    onError: options.onError ?? ((error, { where }) => console.error(`invitekit: ${where}:`, error)),
    clock: options.clock,
  }
}

const names = new Set<string>([
  'storage',
  'keys',
  'publicUrl',
  'transports',
  'roles',
  'limits',
  'expiresIn',
  'acceptance',
  'members',
  'directory',
  'linkPattern',
  'defaultCountry',
  'phone',
  'sinks',
  'pages',
  'reminders',
  'expiryNotices',
  'render',
  'metadata',
  'trustedOrigins',
  'relay',
  'onError',
  'clock',
] satisfies (keyof InvitesOptions<unknown>)[])

function checkKeys(keys: InvitesOptions<unknown>['keys']): Keyring {
  if (!Array.isArray(keys) || keys.length === 0) stop('`keys` needs at least one secret; `openssl rand -hex 32` makes one.')
  const [first, ...rest] = keys.map((key, index) => {
    const secret = typeof key === 'string' || key instanceof Uint8Array ? toSecret(key) : null
    if (secret) return toKey(secret)
    return stop(
      `\`keys[${index}]\` must be at least 32 bytes, as hex or base64url text or as bytes; \`openssl rand -hex 32\` makes one.`,
    )
  })
  return first === undefined ? stop('`keys` needs at least one secret.') : [first, ...rest]
}

function checkRoles(roles: RoleRules): RoleRules {
  if (Object.keys(roles).length === 0) stop('`roles` needs at least one role.')
  for (const [role, rule] of Object.entries(roles)) {
    const grants: unknown = rule?.grants ?? []
    if (typeof rule !== 'object' || rule === null || !Array.isArray(grants)) {
      stop(`\`roles.${role}\` must be an object, such as { grants: ['member'] } or {}.`)
    }
    const unknown = (rule.grants ?? []).find(granted => !isRole(roles, granted))
    if (unknown !== undefined) stop(`\`roles.${role}.grants\` has ${JSON.stringify(unknown)}, which is no role.`)
  }
  return roles
}

const checkAcceptance = (acceptance: Acceptance): Acceptance =>
  ['match', 'session'].includes(acceptance) ? acceptance : stop("`acceptance` is 'match' or 'session'.")

const checkCountry = (country: string | undefined): string | undefined =>
  country === undefined || /^[A-Z]{2}$/.test(country) ? country : stop("`defaultCountry` is a country code such as 'DE'.")

function checkSinks(sinks: readonly Sink[]): readonly Sink[] {
  const seen = new Set(['on'])
  for (const { name, publish } of sinks) {
    if (typeof name !== 'string' || name === '' || typeof publish !== 'function') {
      stop('each of `sinks` needs a `name` and a `publish` function.')
    }
    if (seen.has(name)) stop(`two \`sinks\` are named ${JSON.stringify(name)}: each needs a name of its own.`)
    seen.add(name)
  }
  return sinks
}
