// The options of a mount, checked when it is made: what is wrong is said with the way to mend it.
import type { HandleOptions, HandleSettings, Part, PublicLimits } from './options.ts'
import type { AnyInvites } from './route.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`invitekit: ${sentence}`)
}

/** Of every mount, with what the mounts read besides: `clientAddress` and `prefix`. */
const names = ['actor', 'parts', 'publicLimits', 'bodyTimeout', 'clientAddress', 'prefix']

type Given = HandleOptions & { readonly clientAddress?: unknown; readonly prefix?: unknown }

/** The longest that a timer can wait. */
const maxTimeoutMs = 2 ** 31 - 1

export function checkMount(invites: AnyInvites, options: HandleOptions): HandleSettings {
  if (typeof invites?.config?.publicUrl !== 'string')
    stop('a mount takes the invites first, as createInvites made them, and then its options: { actor: … }.')
  const given: Given = isRecord(options ?? {})
    ? { ...options }
    : stop('the options of a mount are an object, such as { actor: … }.')
  const unknown = Object.keys(given).find(key => !names.includes(key))
  if (unknown !== undefined) stop(`a mount has no option \`${unknown}\`; the options are ${names.join(', ')}.`)
  const { clientAddress, prefix } = given
  if (clientAddress !== undefined && typeof clientAddress !== 'function')
    stop('`clientAddress` must be a function from the request to an address, or null.')
  if (prefix !== undefined && typeof prefix !== 'string') stop("`prefix` must be a path such as '/invites'.")
  return {
    parts: checkParts(given),
    publicLimits: checkLimits(given.publicLimits),
    bodyTimeout: checkTimeout(given.bodyTimeout),
  }
}

function checkParts({ parts = ['management', 'public'], actor }: HandleOptions): ReadonlySet<Part> {
  const isList = Array.isArray(parts) && parts.length > 0
  if (!isList || parts.some(part => part !== 'management' && part !== 'public'))
    stop("`parts` takes a list of 'management' and 'public'.")
  if (actor !== undefined && typeof actor !== 'function')
    stop('`actor` must be a function from the request to the signed-in user, or null.')
  if (actor === undefined && parts.includes('management')) {
    stop(
      '`actor` is missing: a function from the request to the signed-in user, or null; ' +
        "only `parts: ['public']` can do without.",
    )
  }
  return new Set(parts)
}

const limitNames = ['perClient', 'answersPerInvite', 'codesPerClient'] satisfies (keyof PublicLimits)[]

function checkLimits(limits: PublicLimits = {}): HandleSettings['publicLimits'] {
  const known: readonly string[] = limitNames
  if (!isRecord(limits)) stop(`\`publicLimits\` must be an object with any of ${known.join(', ')}.`)
  const unknown = Object.keys(limits).find(key => !known.includes(key))
  if (unknown !== undefined) stop(`there is no public limit \`${unknown}\`; the limits are ${known.join(', ')}.`)
  const { perClient = 60, answersPerInvite = 10, codesPerClient = 10 } = limits
  const checked = { perClient, answersPerInvite, codesPerClient }
  for (const [name, value] of Object.entries(checked)) {
    if (typeof value !== 'number' || !(value >= 0))
      stop(`\`publicLimits.${name}\` must be a number from 0; \`Infinity\` turns it off.`)
  }
  return checked
}

function checkTimeout(timeout: unknown = 10_000): number {
  return typeof timeout === 'number' && timeout >= 1 && timeout <= maxTimeoutMs
    ? timeout
    : stop('`bodyTimeout` must be milliseconds, such as 10_000.')
}

const isRecord = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
