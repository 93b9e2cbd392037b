// A writer over LiquidJS: a part of its language that reaches no file and no other template, every size of it bounded.
import type { Context, Liquid, Template } from 'liquidjs'
import type { TemplateEngine, TemplateValues } from '../../src/core.ts'
import { depthOf, outputsIn, sentenceOf, unknownIn } from './analysis.ts'
import { charged, chargeFilters } from './cost-limits.ts'
import { createScope, type LiquidModule, toText } from './scope.ts'

export interface Compiled {
  readonly templates: Template[]
  /** Names that the text gives values to itself. */
  readonly locals: readonly string[]
  /** The same, and the names of its loops. */
  readonly inner: readonly string[]
}

/** Characters of one text, its placeholders and tags, and how deep they may stand in each other. */
const maxText = 20_000
const maxCached = 300
const maxDepth = 20
/** A text is checked with a tenth of what it may use later, so that longer values than the sample's still fit. */
const bounds = { steps: 10_000, memory: 400_000 }
const strictBounds = { steps: 1_000, memory: 40_000 }
const keptTexts = 500

const tags = new Set(['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', 'raw', '#'])
const filters = new Set([
  ...['default', 'upcase', 'downcase', 'capitalize', 'strip', 'lstrip', 'rstrip', 'append', 'prepend', 'truncate'],
  ...['truncatewords', 'replace', 'replace_first', 'remove', 'remove_first', 'size', 'first', 'last', 'join', 'split'],
  ...['plus', 'minus', 'times', 'divided_by', 'modulo', 'round', 'ceil', 'floor', 'abs', 'at_least', 'at_most', 'date'],
])

export function createTemplateEngine(liquid: LiquidModule): TemplateEngine {
  const engine = engineOf(liquid)
  const known = new Map<string, Compiled>()

  function compiled(text: string): Compiled {
    const found = known.get(text)
    if (found) return found
    if ((text.match(/\{[{%]/g) ?? []).length > maxCached) throw new Error(`has more than ${maxCached} placeholders and tags`)
    if (depthOf(text) > maxDepth) throw new Error(`has tags nested more than ${maxDepth} deep`)
    const templates = engine.parse(text)
    const { variables, globals, locals } = engine.analyzeSync(templates, { partials: false })
    const inner = Object.keys(variables).filter(name => !Object.hasOwn(globals, name) || Object.hasOwn(locals, name))
    const made = { templates, locals: Object.keys(locals), inner }
    if (known.size >= keptTexts) known.clear()
    known.set(text, made)
    return made
  }

  /** Into a buffer of our own, for Liquid's has no bound. A little longer than `max` when there would be more. */
  function written(templates: Template[], scope: Context, max: number): string {
    const emitter = {
      buffer: '',
      write(value: unknown) {
        if (emitter.buffer.length <= max) emitter.buffer += toText(value)
      },
    }
    liquid.toValueSync(engine.renderer.renderTemplates(templates, scope, emitter))
    return emitter.buffer.slice(0, max + 1)
  }

  function check(text: string, sample: TemplateValues, max: number): string | null {
    const { templates, locals, inner } = compiled(text)
    const unknown = unknownIn(engine, templates, sample)
    if (unknown !== null) return unknown
    const frame = { facts: sample, ...strictBounds, isStrict: true }
    const whole = written(templates, createScope(liquid, engine, { ...frame, unset: locals }), max)
    if (whole.length > max) return `grows beyond ${max} characters`
    // What stands in branches that the sample does not take, each by itself.
    for (const output of outputsIn(liquid, templates))
      written([output], createScope(liquid, engine, { ...frame, unset: [], anything: inner }), max)
    return null
  }

  return {
    write(text, facts, max) {
      try {
        const { templates, locals } = compiled(text)
        const whole = written(templates, createScope(liquid, engine, { facts, unset: locals, ...bounds }), max)
        return whole.length > max ? `${whole.slice(0, max - 1)}…` : whole
      } catch (error) {
        throw new Error(sentenceOf(error), { cause: error })
      }
    },
    flawOf(text, sample, max) {
      try {
        return check(text, sample, max)
      } catch (error) {
        return sentenceOf(error)
      }
    },
  }
}

function engineOf({ Liquid, defaultOperators }: LiquidModule): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: true,
    // `{% if metadata.note %}` and `| default:` ask whether there is one.
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: maxText,
    timezoneOffset: 0,
    operators: charged(defaultOperators),
    // A template may not look like one that is a file.
    templates: {},
  })
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!filters.has(name)) engine.unregisterFilter(name)
  chargeFilters(engine)
  return engine
}
