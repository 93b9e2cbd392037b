// What the host plugs in: the storage, its own members and names, sinks and functions. Only their shape can be checked.
import type { Directory } from '../ports/directory.ts'
import type { MembersPort } from '../ports/members.ts'
import type { MetadataSchema } from '../ports/metadata-schema.ts'
import type { Sink } from '../ports/sink.ts'
import { stop } from './numbers.ts'

const makers = "sqliteStorage({ database: 'app.db' }), postgresStorage({ pool }) or memoryStorage()"

export function checkStorage(storage: unknown): void {
  if (storage === undefined || storage === null) stop(`\`storage\` is missing: give it ${makers}.`)
  if (!has(storage, 'commit')) stop(`\`storage\` is no storage: a database or its name goes into one: ${makers}.`)
}

export function checkMembers<Port extends MembersPort<never, never>>(members: Port | null): Port | null {
  if (members === null) return null
  if (typeof members !== 'object') stop('`members` must be an object with the functions `add`, `count` and `find`.')
  checkNames('members', members, ['add', 'count', 'find', 'findMany', 'list', 'timeout'] satisfies (keyof MembersPort)[])
  for (const name of ['add', 'count', 'find'])
    if (!has(members, name)) stop(`\`members.${name}\` must be a function: \`members\` needs \`add\`, \`count\` and \`find\`.`)
  for (const name of ['findMany', 'list'] as const) checkFunction(`members.${name}`, members[name])
  return members
}

export function checkDirectory(directory: Directory = {}): Directory {
  if (typeof directory !== 'object' || directory === null)
    stop('`directory` must be an object, such as { organization: id => ({ name }) }.')
  const names = ['organization', 'user', 'hasAccount'] satisfies (keyof Directory)[]
  checkNames('directory', directory, names)
  for (const name of names) checkFunction(`directory.${name}`, directory[name])
  return directory
}

/** Of a literal: a class or a module may have more than is asked of it here. */
function checkNames(option: string, given: object, names: readonly string[]): void {
  if (Object.getPrototypeOf(given) !== Object.prototype) return
  const unknown = Object.keys(given).find(key => !names.includes(key))
  if (unknown !== undefined) stop(`\`${option}\` has no \`${unknown}\`; in it are ${names.join(', ')}.`)
}

export function checkSinks(sinks: readonly Sink[] = [], transports: ReadonlyMap<string, unknown>): readonly Sink[] {
  if (!Array.isArray(sinks)) stop('`sinks` must be a list, such as [webhookSink({ url, secret })].')
  const seen = new Set(['on'])
  for (const sink of sinks) {
    const name: unknown = sink?.name
    if (typeof name !== 'string' || name === '' || !has(sink, 'publish'))
      return stop('each of `sinks` needs a `name` and a `publish` function.')
    if (transports.has(name))
      stop(`a sink and a transport are both named ${JSON.stringify(name)}: each needs a name of its own.`)
    if (seen.has(name)) stop(`two \`sinks\` are named ${JSON.stringify(name)}: each needs a name of its own.`)
    seen.add(name)
  }
  return sinks
}

export function checkSchema(schema: MetadataSchema<unknown> | undefined): MetadataSchema<unknown> | undefined {
  if (schema === undefined || has(schema?.['~standard'], 'validate')) return schema
  return stop('`metadata` must be a Standard Schema, such as z.object({ team: z.string() }) of zod.')
}

/** Asked once: a clock that answers no date would fail in every call. */
export function checkClock(clock: (() => Date) | undefined): (() => Date) | undefined {
  if (clock === undefined) return undefined
  const now: unknown = typeof clock === 'function' ? clock() : null
  if (now instanceof Date && !Number.isNaN(now.getTime())) return clock
  return stop('`clock` must be a function that answers a Date, such as () => new Date().')
}

export const checkFunction = <F>(name: string, given: F): F =>
  given === undefined || typeof given === 'function' ? given : stop(`\`${name}\` must be a function, or left out.`)

/** Whether it has this function; of its own or its class's. */
export const has = (thing: unknown, name: string): boolean =>
  ((typeof thing === 'object' && thing !== null) || typeof thing === 'function') &&
  typeof Reflect.get(thing, name) === 'function'
