// What the host plugs in: the storage, its own member table, names, sinks and functions. Only their shape is checked.
import type { Directory } from '../ports/directory.ts'
import type { MembersPort } from '../ports/members.ts'
import type { MetadataSchema } from '../ports/metadata-schema.ts'
import type { Sink } from '../ports/sink.ts'
import { asGiven, hasFunctions, knownOptions, type OptionChecks } from '../validation/known-options.ts'
import { refuse, timerMs } from './numbers.ts'

const storageExamples = "sqliteStorage({ database: 'app.db' }), postgresStorage({ pool }) or memoryStorage()"

export function checkStorage<Given>(storage: Given): Given {
  if (storage === undefined || storage === null) refuse(`\`storage\` is missing: give it ${storageExamples}.`)
  if (!hasFunctions(storage, 'commit'))
    refuse(`\`storage\` is no storage: a database or its name goes into one: ${storageExamples}.`)
  return storage
}

/** How long a function of `members` may take, when the host does not say. */
const defaultMembersTimeout = '10s'

const membersNames = {
  add: asGiven,
  count: asGiven,
  find: asGiven,
  findMany: asGiven,
  list: asGiven,
  timeout: asGiven,
} satisfies OptionChecks<MembersPort>

/** The port is null when the host has no member table of its own. */
export function checkMembers<Port extends MembersPort<never, never>>(members: Port | null) {
  const timeoutMs = timerMs('members.timeout', members?.timeout ?? defaultMembersTimeout)
  if (members === null) return { port: null, timeoutMs }
  if (typeof members !== 'object') refuse('`members` must be an object with the functions `add`, `count` and `find`.')
  checkNames('members', members, membersNames)
  for (const name of ['add', 'count', 'find'])
    if (!hasFunctions(members, name))
      refuse(`\`members.${name}\` must be a function: \`members\` needs \`add\`, \`count\` and \`find\`.`)
  for (const name of ['findMany', 'list'] as const) checkFunction(`members.${name}`, members[name])
  return { port: members, timeoutMs }
}

const directoryNames = { organization: asGiven, user: asGiven, hasAccount: asGiven } satisfies OptionChecks<Directory>

export function checkDirectory(directory: Directory = {}): Directory {
  if (typeof directory !== 'object' || directory === null)
    refuse('`directory` must be an object, such as { organization: id => ({ name }) }.')
  checkNames('directory', directory, directoryNames)
  for (const name of Object.keys(directoryNames)) checkFunction(`directory.${name}`, Reflect.get(directory, name))
  return directory
}

/** Names are refused in an object literal only: a class or a module may have more than is used here. */
function checkNames(option: string, given: object, table: object): void {
  if (Object.getPrototypeOf(given) !== Object.prototype) return
  knownOptions(given, table, { refuse, unknown: name => `\`${option}\` has no \`${name}\`; in it are` })
}

export function checkSinks(sinks: readonly Sink[] = [], transports: object = {}): readonly Sink[] {
  if (!Array.isArray(sinks)) refuse('`sinks` must be a list, such as [webhookSink({ url, secret })].')
  const seen = new Set(['on'])
  for (const sink of sinks) {
    const name: unknown = sink?.name
    if (typeof name !== 'string' || name === '' || !hasFunctions(sink, 'publish'))
      return refuse('each of `sinks` needs a `name` and a `publish` function.')
    if (Object.keys(transports).includes(name))
      refuse(`a sink and a transport are both named ${JSON.stringify(name)}: each needs a name of its own.`)
    if (seen.has(name)) refuse(`two \`sinks\` are named ${JSON.stringify(name)}: each needs a name of its own.`)
    seen.add(name)
  }
  return sinks
}

export function checkSchema(schema: MetadataSchema<unknown> | undefined): MetadataSchema<unknown> | undefined {
  if (schema === undefined || hasFunctions(schema?.['~standard'], 'validate')) return schema
  return refuse('`metadata` must be a Standard Schema, such as z.object({ team: z.string() }) of zod.')
}

/** Calls the clock once: one that answers no date would otherwise fail in every call. */
export function checkClock(clock: (() => Date) | undefined): (() => Date) | undefined {
  if (clock === undefined) return undefined
  const now: unknown = typeof clock === 'function' ? clock() : null
  if (now instanceof Date && !Number.isNaN(now.getTime())) return clock
  return refuse('`clock` must be a function that answers a Date, such as () => new Date().')
}

export const checkFunction = <F>(name: string, given: F): F =>
  given === undefined || typeof given === 'function' ? given : refuse(`\`${name}\` must be a function, or left out.`)
