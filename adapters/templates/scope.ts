// The Liquid context that one text is rendered in: its values, the limits of one rendering, and sample objects that stand in
// for metadata which is not known yet.
import type { Context, Liquid } from 'liquidjs'
import type { TemplateValues } from '../../src/core.ts'

export type LiquidModule = typeof import('liquidjs')

/** For one rendering: a backstop for work that is not counted as steps or memory. */
const maxRenderMs = 1_000

interface Frame {
  readonly values: TemplateValues
  /** Names that are null until the text assigns them. */
  readonly unset: readonly string[]
  /** Names that a sample object stands in for. */
  readonly sampled?: readonly string[]
  /**
   * Every name must have a value. Default false: then only names in metadata must have one, because the others were checked
   * when the template was stored.
   */
  readonly isStrict?: boolean
  /** How many tags, placeholders and pieces of text may be rendered; in a loop each round counts. */
  readonly steps: number
  /** How many characters and list items filters and ranges may produce. */
  readonly memory: number
}

/** `spend` counts steps, and throws when there are too many or the rendering takes too long. */
export type Scope = Context & { readonly spend: (cost: number) => void }

export function createScope(liquid: LiquidModule, engine: Liquid, frame: Frame): Scope {
  const { values, unset, sampled = [], isStrict = false, memory } = frame
  const scope: Record<string, unknown> = Object.create(null)
  for (const name of unset) scope[name] = null
  Object.assign(scope, values)
  for (const name of sampled) scope[name] = sampleOf(name)
  if (values['metadata'] === null) scope['metadata'] = sampleOf('metadata')

  const options = { sync: true, strictVariables: true, ownPropertyOnly: true, memoryLimit: memory }
  const context = new liquid.Context(scope, engine.options, options, { liquid: engine })
  const read = context.readProperty.bind(context)
  const hostObjects = objectsIn(values['metadata'])
  let steps = 0
  const end = performance.now() + maxRenderMs
  const spend = (cost: number) => {
    steps += cost
    if (steps > frame.steps || performance.now() > end) throw new Error('takes too many steps')
  }
  return Object.assign(context, {
    spend,
    readProperty(from: object, key: unknown) {
      if (isSample(from)) return sampleOf(String(key))
      const value = read(from, typeof key === 'number' ? key : String(key))
      return value === undefined && !isStrict && !hostObjects.has(from) ? null : value
    },
    // Liquid's own limit is a time. Steps are counted instead, so that a text renders the same on a busy machine.
    renderLimit: Object.assign(context.renderLimit, {
      check() {
        spend(1)
      },
    }),
  })
}

const samples = new WeakSet<object>()
const isSample = (value: unknown): value is object => typeof value === 'object' && value !== null && samples.has(value)

/** Behaves as a text, a number, a list or an object, whichever it is used as. */
function sampleOf(name: string): object {
  const sample = {
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? 3 : name),
    *[Symbol.iterator]() {
      yield sampleOf(name)
    },
  }
  samples.add(sample)
  return sample
}

/** Every object and list of a value, itself included. */
function objectsIn(value: unknown, found = new Set<unknown>()): ReadonlySet<unknown> {
  if (typeof value !== 'object' || value === null) return found
  found.add(value)
  for (const item of Object.values(value)) objectsIn(item, found)
  return found
}

/** A value as text. Texts are sanitized already; numbers are sanitized here, because filters need them as numbers. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return neutralizeNumber(String(value))
  if (Array.isArray(value)) return value.map(toText).join('')
  if (typeof value === 'object' && !isSample(value)) throw new Error('writes an object where a text must stand')
  return String(value)
}

/** Word joiners between the digits keep mail clients from making a phone link of a long number. */
const neutralizeNumber = (number: string): string => (/(?:\d\D?){6}/.test(number) ? number.replace(/\d/g, '$&\u2060') : number)
