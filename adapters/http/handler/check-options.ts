// The options of a mount, checked when it is made.
import { isRecord, type OptionChecks, type Refuse, refuseAs, runChecks } from '../../../src/core.ts'
import type { HandleOptions, HandleSettings, Part, PublicLimits } from './options.ts'
import type { AnyInvites } from './route.ts'

const refuse: Refuse = refuseAs('invitekit')

/** The maximum delay of a timer in Node: a longer one would fire at once. */
const maxTimeoutMs = 2 ** 31 - 1

const bothParts: readonly Part[] = ['management', 'public']

/** The options of every mount. The mounts themselves use `clientAddress` and `prefix`; they are only checked here. */
type MountOptions = HandleOptions & { readonly clientAddress?: unknown; readonly prefix?: unknown }

export const mountChecks = {
  actor(actor, { parts = bothParts }) {
    if (actor !== undefined && typeof actor !== 'function')
      refuse('`actor` must be a function from the request to the signed-in user, or null.')
    if (actor === undefined && parts.includes('management'))
      refuse(
        '`actor` is missing: a function from the request to the signed-in user, or null; ' +
          "only `parts: ['public']` can do without.",
      )
  },
  parts(parts = bothParts): ReadonlySet<Part> {
    const isList = Array.isArray(parts) && parts.length > 0
    if (!isList || parts.some(part => !bothParts.includes(part))) refuse("`parts` takes a list of 'management' and 'public'.")
    return new Set(parts)
  },
  publicLimits: (limits = {}) => checkLimits(limits),
  bodyTimeout: (timeout = 10_000) =>
    typeof timeout === 'number' && timeout >= 1 && timeout <= maxTimeoutMs
      ? timeout
      : refuse('`bodyTimeout` must be milliseconds, such as 10_000.'),
  clientAddress(clientAddress) {
    if (clientAddress !== undefined && typeof clientAddress !== 'function')
      refuse('`clientAddress` must be a function from the request to an address, or null.')
  },
  prefix(prefix) {
    if (prefix !== undefined && typeof prefix !== 'string') refuse("`prefix` must be a path such as '/invites'.")
  },
} satisfies OptionChecks<MountOptions>

export function checkMount(invites: AnyInvites, options: HandleOptions): HandleSettings {
  if (typeof invites?.config?.publicUrl !== 'string')
    refuse('a mount takes the invites first, as createInvites made them, and then its options: { actor: … }.')
  const given = options ?? {}
  if (!isRecord(given)) refuse('the options of a mount are an object, such as { actor: … }.')
  const unknown = (name: string) => `a mount has no option \`${name}\`; the options are`
  return runChecks({ ...given }, mountChecks, { refuse, unknown, first: ['clientAddress', 'prefix', 'parts'] })
}

const perWindow =
  (name: keyof PublicLimits, defaultLimit: number) =>
  (limit: unknown = defaultLimit): number =>
    typeof limit === 'number' && limit >= 0
      ? limit
      : refuse(`\`publicLimits.${name}\` must be a number from 0; \`Infinity\` turns it off.`)

const limitChecks = {
  perClient: perWindow('perClient', 60),
  answersPerInvite: perWindow('answersPerInvite', 10),
  codesPerClient: perWindow('codesPerClient', 10),
} satisfies OptionChecks<PublicLimits>

function checkLimits(limits: PublicLimits): HandleSettings['publicLimits'] {
  if (!isRecord(limits)) refuse(`\`publicLimits\` must be an object with any of ${Object.keys(limitChecks).join(', ')}.`)
  const unknown = (name: string) => `there is no public limit \`${name}\`; the limits are`
  return runChecks(limits, limitChecks, { refuse, unknown })
}
