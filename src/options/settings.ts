// The options of createInvites, checked once when the invites are made, and the settings that come of them.

import type { InvitesOptions, OnError } from '../api/options.ts'
import type { PhoneParser } from '../domain/address.ts'
import type { AddressKind } from '../domain/channel.ts'
import type { Acceptance } from '../domain/decide/decision.ts'
import { defaultRoles, isRole, type RoleRules } from '../domain/roles.ts'
import type { MembersPort } from '../ports/members.ts'
import type { Storage } from '../ports/storage/storage.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import { createTemplateSource, type TemplateSource } from '../templates/resolve.ts'
import { type CheckedOptions, type OptionChecks, runChecks } from '../validation/known-options.ts'
import { checkRelay, checkTransports } from './delivery.ts'
import { checkKeys } from './keys.ts'
import { durationMs, type LimitsOf, limitsOf, refuse } from './numbers.ts'
import { checkPages } from './pages.ts'
import { checkClock, checkDirectory, checkFunction, checkMembers, checkSchema, checkSinks, checkStorage } from './plugins.ts'
import { checkNotices, checkReminders } from './scheduled.ts'
import { checkOrigins, checkPattern, checkUrl } from './urls.ts'

/** Every option of createInvites has its check here, in the order in which the refusal of an unknown one lists them. */
export const optionChecks = {
  storage: storage => checkStorage(storage),
  keys: checkKeys,
  /** Without a slash at its end. */
  publicUrl: checkUrl,
  /** By channel. */
  transports: checkTransports,
  roles: roles => checkRoles(roles ?? defaultRoles),
  limits: limits => limitsOf(limits ?? {}),
  expiresIn: (expiresIn = '7d') => (expiresIn === null ? null : durationMs('expiresIn', expiresIn)),
  acceptance: acceptance => checkAcceptance(acceptance ?? 'match'),
  members: members => checkMembers(members ?? null),
  directory: checkDirectory,
  linkPattern: pattern => checkPattern(pattern ?? '{publicUrl}/i/{token}'),
  defaultCountry: country =>
    country === undefined || /^[A-Z]{2}$/.test(country) ? country : refuse("`defaultCountry` is a country code such as 'DE'."),
  phone: phone => checkFunction('phone', phone),
  sinks: (sinks, { transports }) => checkSinks(sinks, transports),
  pages: (pages, { publicUrl }) => checkPages(pages, publicUrl),
  reminders: reminders => checkReminders(reminders ?? []),
  /** Null when they are off. */
  expiryNotices: (_, options) => checkNotices(options),
  render: render => checkFunction('render', render),
  metadata: checkSchema,
  trustedOrigins: checkOrigins,
  relay: checkRelay,
  onError: onError => neverThrowing(checkFunction('onError', onError) ?? logError),
  clock: checkClock,
} satisfies OptionChecks<InvitesOptions<unknown, RoleRules>>

/** The options after checking, by the names of the options unless it is said otherwise here. Times are in milliseconds. */
export interface Settings<Tx = unknown>
  extends Omit<CheckedOptions<typeof optionChecks>, 'storage' | 'members' | 'limits' | 'expiresIn' | 'phone'> {
  readonly storage: Storage<Tx>
  /** Null when the built-in member table is used. */
  readonly members: MembersPort<string, Tx> | null
  /** How long to wait for a function of `members`. */
  readonly membersTimeoutMs: number
  readonly limitsOf: LimitsOf
  /** How long an invite lives, in milliseconds, by the option `expiresIn`. Null: it never expires. */
  readonly lifetime: number | null
  /** By the option `phone`. */
  readonly phoneParser: PhoneParser | undefined
  /** What the transport of each channel reaches. */
  readonly addressKinds: ReadonlyMap<string, AddressKind>
  readonly templates: TemplateSource<Tx>
}

/** For what is shown: the host's clock, or this process's. Decisions and deliveries use the storage's clock. */
export const nowOf = ({ clock }: Pick<Settings, 'clock'>): Date => clock?.() ?? new Date()

export function checkOptions<Tx, Roles extends RoleRules, Metadata>(
  options: InvitesOptions<Tx, Roles, Metadata>,
  engine: TemplateEngineSource,
): Settings<Tx> {
  if (typeof options !== 'object' || options === null) refuse('createInvites takes an object with storage, keys and publicUrl.')
  const { members, limits, expiresIn, phone, ...checked } = runChecks(options, optionChecks, {
    refuse,
    first: ['storage', 'roles', 'transports', 'relay', 'publicUrl'],
  })
  return {
    ...checked,
    storage: options.storage,
    members: members.port as MembersPort<string, Tx> | null,
    membersTimeoutMs: members.timeoutMs,
    limitsOf: limits,
    lifetime: expiresIn,
    phoneParser: phone,
    addressKinds: new Map(
      [...checked.transports].map(([channel, { reach }]) => [channel, reach ?? (channel === 'email' ? 'email' : 'phone')]),
    ),
    templates: createTemplateSource(() => options.storage, engine),
  }
}

const logError: OnError = (error, { where }) => console.error(`invitekit: ${where}:`, error)

/** An `onError` of the host that throws, or answers a rejected promise, must not end a delivery. */
const neverThrowing =
  (onError: OnError): OnError =>
  (error, context) => {
    try {
      const answer: unknown = onError(error, context)
      if (answer instanceof Promise) answer.catch(() => {})
    } catch {
      // There is nowhere else to report it.
    }
  }

function checkRoles(roles: RoleRules): RoleRules {
  if (Object.keys(roles).length === 0) refuse('`roles` needs at least one role.')
  for (const [role, rule] of Object.entries(roles)) {
    if (role === '') refuse('`roles` has a role without a name.')
    const grants: unknown = rule?.grants ?? []
    if (typeof rule !== 'object' || rule === null || !Array.isArray(grants)) {
      refuse(`\`roles.${role}\` must be an object, such as { grants: ['member'] } or {}.`)
    }
    const field = Object.keys(rule).find(key => key !== 'grants')
    if (field !== undefined) refuse(`\`roles.${role}\` has \`${field}\`; a role has only \`grants\`, a list of roles.`)
    const unknown = (rule.grants ?? []).find(granted => !isRole(roles, granted))
    if (unknown !== undefined) refuse(`\`roles.${role}.grants\` has ${JSON.stringify(unknown)}, which is no role.`)
  }
  return roles
}

const checkAcceptance = (acceptance: Acceptance): Acceptance =>
  ['match', 'session'].includes(acceptance) ? acceptance : refuse("`acceptance` is 'match' or 'session'.")
