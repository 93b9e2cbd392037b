// What a text is written in: its facts, the bounds of one writing, and what stands for values that nobody knows yet.
import type { Context, Liquid } from 'liquidjs'
import type { TemplateValues } from '../../src/core.ts'

export type LiquidModule = typeof import('liquidjs')

/** Milliseconds of one writing, for what no count knows of. */
const maxValue = 1_000

interface Frame {
  readonly facts: TemplateValues
  /** Names that are null until the text gives them a value. */
  readonly unset: readonly string[]
  /** Names that may be anything. */
  readonly anything?: readonly string[]
  /** Nothing may be missing. Otherwise only what is in metadata must be there: the rest was checked with a sample. */
  readonly isStrict?: boolean
  /** Parts of a text that may be written, loops counted anew each time. */
  readonly steps: number
  /** Characters and list items that filters and ranges may make. */
  readonly memory: number
}

/** What a text is written in, and what counts its steps. */
export type Scope = Context & { readonly spend: (cost: number) => void }

export function createScope(liquid: LiquidModule, engine: Liquid, frame: Frame): Scope {
  const { facts, unset, anything = [], isStrict = false, memory } = frame
  const scope: Record<string, unknown> = Object.create(null)
  for (const name of unset) scope[name] = null
  Object.assign(scope, facts)
  for (const name of anything) scope[name] = sampleOf(name)
  if (facts['metadata'] === null) scope['metadata'] = sampleOf('metadata')

  const options = { sync: true, strictVariables: true, ownPropertyOnly: true, memoryLimit: memory }
  const context = new liquid.Context(scope, engine.options, options, { liquid: engine })
  const read = context.readProperty.bind(context)
  const host = objectsIn(facts['metadata'])
  let steps = 0
  const end = performance.now() + maxValue
  const spend = (cost: number) => {
    steps += cost
    if (steps > frame.steps || performance.now() > end) throw new Error('takes too many steps')
  }
  return Object.assign(context, {
    spend,
    readProperty(from: object, key: unknown) {
      if (isSample(from)) return sampleOf(String(key))
      const value = read(from, typeof key === 'number' ? key : String(key))
      return value === undefined && !isStrict && !host.has(from) ? null : value
    },
    // Counted rather than timed: on a busy machine the same text comes out the same.
    renderLimit: Object.assign(context.renderLimit, {
      check() {
        spend(1)
      },
    }),
  })
}

const samples = new WeakSet<object>()
const isSample = (value: unknown): value is object => typeof value === 'object' && value !== null && samples.has(value)

/** Stands for whatever the host may put there: a text, a number, a list or an object, as it is used. */
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

/** A value as it is written. Texts are tame from the start; a number must stay one until here, to count and compare with. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return unlinked(String(value))
  if (Array.isArray(value)) return value.map(toText).join('')
  if (typeof value === 'object' && !isSample(value)) throw new Error('writes an object where a text must stand')
  return String(value)
}

/** A phone number to a mail client, unless word joiners stand in it. */
const unlinked = (number: string): string => (/(?:\d\D?){6}/.test(number) ? number.replace(/\d/g, '$&\u2060') : number)
