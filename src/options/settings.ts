// The options after checking. A fault throws at the start, with a sentence that says how to mend it.

import type { ExpiryNotices, InvitesOptions, OnError, Pages } from '../api/options.ts'
import type { PhoneParser } from '../domain/address.ts'
import type { AddressKind } from '../domain/channel.ts'
import type { Acceptance } from '../domain/decide/decision.ts'
import type { ReminderPlan } from '../domain/reminders.ts'
import { defaultRoles, isRole, type RoleRules } from '../domain/roles.ts'
import { type Keyring, toKey, toSecret } from '../domain/token.ts'
import type { Directory } from '../ports/directory.ts'
import type { MembersPort } from '../ports/members.ts'
import type { MetadataSchema } from '../ports/metadata-schema.ts'
import type { Render } from '../ports/render.ts'
import type { Sink } from '../ports/sink.ts'
import type { Storage } from '../ports/storage/storage.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import type { Transport } from '../ports/transport.ts'
import { createTemplateSource, type TemplateSource } from '../templates/resolve.ts'
import { checkRelay, checkTransports, type RelaySettings } from './delivery.ts'
import { type LimitsOf, limitsOf, stop, time, timer, unset } from './numbers.ts'
import { checkPages } from './pages.ts'
import { checkClock, checkDirectory, checkFunction, checkMembers, checkSchema, checkSinks, checkStorage } from './plugins.ts'
import { checkNotices, checkReminders } from './scheduled.ts'
import { checkOrigins, checkPattern, checkUrl } from './urls.ts'

/** Options after checking. */
export interface Settings<Tx = unknown> {
  readonly storage: Storage<Tx>
  readonly keys: Keyring
  readonly publicUrl: string
  readonly transports: ReadonlyMap<string, Transport>
  readonly addressKinds: ReadonlyMap<string, AddressKind>
  readonly roles: RoleRules
  readonly limitsOf: LimitsOf
  readonly lifetime: number | null
  readonly acceptance: Acceptance
  readonly members: MembersPort<string, Tx> | null
  /** How long to wait for a function of `members`, in milliseconds. */
  readonly membersTimeoutMs: number
  readonly directory: Directory
  readonly linkPattern: string
  readonly defaultCountry: string | undefined
  readonly phoneParser: PhoneParser | undefined
  readonly sinks: readonly Sink[]
  readonly pages: Pages
  readonly reminders: ReminderPlan
  /** Null when they are off. */
  readonly expiryNotices: ExpiryNotices | null
  readonly render: Render | undefined
  readonly templates: TemplateSource<Tx>
  readonly metadata: MetadataSchema<unknown> | undefined
  readonly trustedOrigins: readonly string[]
  readonly relay: RelaySettings
  readonly onError: OnError
  readonly clock: (() => Date) | undefined
}

/** For what is shown: the host's clock, or this process's. Decisions and deliveries take the storage's own. */
export const nowOf = ({ clock }: Pick<Settings, 'clock'>): Date => clock?.() ?? new Date()

export function checkOptions<Tx, Roles extends RoleRules, Metadata>(
  options: InvitesOptions<Tx, Roles, Metadata>,
  writer: TemplateEngineSource,
): Settings<Tx> {
  if (typeof options !== 'object' || options === null) stop('createInvites takes an object with storage, keys and publicUrl.')
  const unknown = Object.keys(options).find(key => !names.has(key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${[...names].join(', ')}.`)
  checkStorage(options.storage)
  const roles = checkRoles(options.roles ?? defaultRoles)
  const transports = checkTransports(options.transports)
  const relay = checkRelay(options.relay)
  const publicUrl = checkUrl(options.publicUrl)
  return {
    storage: options.storage,
    keys: checkKeys(options.keys),
    publicUrl,
    transports,
    addressKinds: new Map(
      [...transports].map(([channel, { reach }]) => [channel, reach ?? (channel === 'email' ? 'email' : 'phone')]),
    ),
    roles,
    limitsOf: limitsOf(options.limits ?? {}),
    lifetime: options.expiresIn === null ? null : time('expiresIn', options.expiresIn ?? '7d'),
    acceptance: checkAcceptance(options.acceptance ?? 'match'),
    membersTimeoutMs: timer('members.timeout', options.members?.timeout ?? '10s'),
    members: checkMembers(options.members ?? null) as MembersPort<string, Tx> | null,
    directory: checkDirectory(options.directory),
    linkPattern: checkPattern(options.linkPattern ?? '{publicUrl}/i/{token}'),
    defaultCountry: checkCountry(options.defaultCountry),
    phoneParser: checkFunction('phone', options.phone),
    sinks: checkSinks(options.sinks, transports),
    pages: checkPages(options.pages, publicUrl),
    reminders: checkReminders(options.reminders ?? []),
    expiryNotices: checkNotices(options),
    render: checkFunction('render', options.render),
    templates: createTemplateSource(() => options.storage, writer),
    metadata: checkSchema(options.metadata),
    trustedOrigins: checkOrigins(options.trustedOrigins),
    relay,
    onError: quietly(checkFunction('onError', options.onError) ?? toConsole),
    clock: checkClock(options.clock),
  }
}

const toConsole: OnError = (error, { where }) => console.error(`invitekit: ${where}:`, error)

/** The host is told, and whatever its function throws ends no delivery. */
const quietly =
  (onError: OnError): OnError =>
  (error, context) => {
    try {
      const told: unknown = onError(error, context)
      if (told instanceof Promise) told.catch(() => {})
    } catch {
      // There is nobody else to tell.
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
  if (typeof keys === 'string' || keys instanceof Uint8Array)
    stop('`keys` is a list, such as [process.env.INVITE_KEY]: a new key goes in front of the old one.')
  if (!Array.isArray(keys) || keys.length === 0) stop('`keys` needs at least one secret; `openssl rand -hex 32` makes one.')
  const [first, ...rest] = keys.map((key, index) => {
    const secret = typeof key === 'string' || key instanceof Uint8Array ? toSecret(key) : null
    if (secret) return toKey(secret)
    return stop(
      `\`keys[${index}]\` must be at least 32 bytes, as hex or base64url text or as bytes; \`openssl rand -hex 32\` makes one.${unset(key)}`,
    )
  })
  if (first === undefined) return stop('`keys` needs at least one secret.')
  const ids = [first, ...rest].map(({ id }) => id)
  const again = ids.findIndex((id, index) => ids.indexOf(id) < index)
  return again === -1 ? [first, ...rest] : stop(`\`keys[${again}]\` is there before: each key stands in \`keys\` once.`)
}

function checkRoles(roles: RoleRules): RoleRules {
  if (Object.keys(roles).length === 0) stop('`roles` needs at least one role.')
  for (const [role, rule] of Object.entries(roles)) {
    if (role === '') stop('`roles` has a role without a name.')
    const grants: unknown = rule?.grants ?? []
    if (typeof rule !== 'object' || rule === null || !Array.isArray(grants)) {
      stop(`\`roles.${role}\` must be an object, such as { grants: ['member'] } or {}.`)
    }
    const field = Object.keys(rule).find(key => key !== 'grants')
    if (field !== undefined) stop(`\`roles.${role}\` has \`${field}\`; a role has only \`grants\`, a list of roles.`)
    const unknown = (rule.grants ?? []).find(granted => !isRole(roles, granted))
    if (unknown !== undefined) stop(`\`roles.${role}.grants\` has ${JSON.stringify(unknown)}, which is no role.`)
  }
  return roles
}

const checkAcceptance = (acceptance: Acceptance): Acceptance =>
  ['match', 'session'].includes(acceptance) ? acceptance : stop("`acceptance` is 'match' or 'session'.")

const checkCountry = (country: string | undefined): string | undefined =>
  country === undefined || /^[A-Z]{2}$/.test(country) ? country : stop("`defaultCountry` is a country code such as 'DE'.")
