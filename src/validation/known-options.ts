// How objects of options are checked: one table for each object, with a check for every option that it can have.
// createInvites uses it, and so do storages, transports, sinks, the client and the mounts of HTTP.

/** Throws a `TypeError` whose message begins with who refuses, such as `smtpTransport: `. */
export type Refuse = (sentence: string) => never

/** Every key, also those that only some members of a union have. */
type NameOf<Options> = Options extends unknown ? keyof Options : never
type ValueOf<Options, Name> = Options extends unknown ? (Name extends keyof Options ? Options[Name] : undefined) : never

/**
 * One check for each option, in the order in which refusals list the names. A check gets the value as it was given and all
 * the options; it throws, or answers the setting. A table that lacks an option does not compile:
 *
 * ```ts
 * const checks = { url: checkUrl, tenant: asGiven } satisfies OptionChecks<SinkOptions>
 * ```
 */
export type OptionChecks<Options> = {
  readonly [Name in NameOf<Options>]: (value: ValueOf<Options, Name>, options: Options) => unknown
}

/** What the checks of a table answer, by the name of the option. */
export type CheckedOptions<Checks> = {
  readonly [Name in keyof Checks]: Checks[Name] extends (...given: never[]) => infer Setting ? Setting : never
}

interface Refusals {
  readonly refuse: Refuse
  /** Begins the refusal of an unknown option; the names of the table follow. Default: "there is no option …". */
  readonly unknown?: (name: string) => string
}

export const refuseAs =
  (who: string): Refuse =>
  sentence => {
    throw new TypeError(`${who}: ${sentence}`)
  }

const noSuchOption = (name: string) => `there is no option \`${name}\`; the options are`

/** Refuses the first key of `options` that the table lacks, and lists the names of the table. */
export function knownOptions(options: object, table: object, { refuse, unknown = noSuchOption }: Refusals): void {
  const name = Object.keys(options).find(key => !Object.hasOwn(table, key))
  if (name !== undefined) refuse(`${unknown(name)} ${Object.keys(table).join(', ')}.`)
}

/**
 * Refuses unknown options, runs every check of the table and answers the settings. Checks run in the order of the table;
 * those named in `first` run before the others.
 */
export function runChecks<Checks extends { readonly [Name in keyof Checks]: (value: never, options: never) => unknown }>(
  options: object,
  checks: Checks,
  { first = [], ...refusals }: Refusals & { readonly first?: readonly (keyof Checks)[] },
): CheckedOptions<Checks> {
  knownOptions(options, checks, refusals)
  const table: object = checks
  const settings: Record<PropertyKey, unknown> = {}
  for (const name of new Set([...first, ...Object.keys(checks)]))
    settings[name] = Reflect.get(table, name)(Reflect.get(options, name), options)
  return settings as CheckedOptions<Checks>
}

/** The check of an option that needs none, or that another check covers. */
export const asGiven = <Value>(value: Value): Value => value

/**
 * Says of a value that is undefined or empty that its environment variable may not be set; `''` for any other. Begins with
 * a space, so that it can follow a sentence.
 */
export const unsetHint = (value: unknown, subject = 'It'): string =>
  value === undefined || value === ''
    ? ` ${subject} is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?`
    : ''

/** Whether it has these functions, of its own or of its class. */
export const hasFunctions = (thing: unknown, ...names: readonly string[]): thing is object =>
  ((typeof thing === 'object' && thing !== null) || typeof thing === 'function') &&
  names.every(name => typeof Reflect.get(thing, name) === 'function')
