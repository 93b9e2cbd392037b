// A template engine over LiquidJS. It allows a part of the language: no files, no other templates, and limits on the size
// of a text, on its steps and on its output.
import type { Context, Liquid, Template } from 'liquidjs'
import type { TemplateEngine, TemplateValues } from '../../src/core.ts'
import { depthOf, outputsIn, sentenceOf, unknownNameIn } from './analysis.ts'
import { addFilterCosts, withCosts } from './cost-limits.ts'
import { createScope, type LiquidModule, toText } from './scope.ts'

interface Compiled {
  readonly templates: Template[]
  /** Names that the text assigns. */
  readonly locals: readonly string[]
  /** Names that the text assigns, and its loop variables. */
  readonly inner: readonly string[]
}

const maxTextLength = 20_000
/** Placeholders and tags of one text, counted together. */
const maxPlaceholders = 300
/** How deep tags may be nested. */
const maxDepth = 20
/** What one text may use when it is filled in: `Frame` says what is counted. */
const limits = { steps: 10_000, memory: 400_000 }
/** A tenth of that when it is checked, so that values longer than the sample's still fit later. */
const checkLimits = { steps: 1_000, memory: 40_000 }
const maxCachedTexts = 500

const tags = new Set(['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'comment', 'raw', '#'])
const filters = new Set([
  ...['default', 'upcase', 'downcase', 'capitalize', 'strip', 'lstrip', 'rstrip', 'append', 'prepend', 'truncate'],
  ...['truncatewords', 'replace', 'replace_first', 'remove', 'remove_first', 'size', 'first', 'last', 'join', 'split'],
  ...['plus', 'minus', 'times', 'divided_by', 'modulo', 'round', 'ceil', 'floor', 'abs', 'at_least', 'at_most', 'date'],
])

export function createTemplateEngine(liquid: LiquidModule): TemplateEngine {
  const engine = engineOf(liquid)
  const cache = new Map<string, Compiled>()

  function compile(text: string): Compiled {
    const cached = cache.get(text)
    if (cached) return cached
    if ((text.match(/\{[{%]/g) ?? []).length > maxPlaceholders)
      throw new Error(`has more than ${maxPlaceholders} placeholders and tags`)
    if (depthOf(text) > maxDepth) throw new Error(`has tags nested more than ${maxDepth} deep`)
    const templates = engine.parse(text)
    const { variables, globals, locals } = engine.analyzeSync(templates, { partials: false })
    const inner = Object.keys(variables).filter(name => !Object.hasOwn(globals, name) || Object.hasOwn(locals, name))
    const result = { templates, locals: Object.keys(locals), inner }
    if (cache.size >= maxCachedTexts) cache.clear()
    cache.set(text, result)
    return result
  }

  /** Renders into a buffer of its own, because Liquid's has no limit. The result has `max + 1` characters when it was cut. */
  function render(templates: Template[], scope: Context, max: number): string {
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
    const { templates, locals, inner } = compile(text)
    const flaw = unknownNameIn(engine, templates, sample)
    if (flaw !== null) return flaw
    const frame = { values: sample, ...checkLimits, isStrict: true }
    const result = render(templates, createScope(liquid, engine, { ...frame, unset: locals }), max)
    if (result.length > max) return `grows beyond ${max} characters`
    // Placeholders in branches that the sample does not take are rendered one by one.
    for (const output of outputsIn(liquid, templates))
      render([output], createScope(liquid, engine, { ...frame, unset: [], sampled: inner }), max)
    return null
  }

  return {
    write(text, values, max) {
      try {
        const { templates, locals } = compile(text)
        const result = render(templates, createScope(liquid, engine, { values, unset: locals, ...limits }), max)
        return result.length > max ? `${result.slice(0, max - 1)}…` : result
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
    // A missing value is false in `{% if metadata.note %}` and takes the default of `| default:`; elsewhere it is an error.
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: maxTextLength,
    timezoneOffset: 0,
    operators: withCosts(defaultOperators),
    // With a map of templates Liquid never reads a template from a file.
    templates: {},
  })
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!filters.has(name)) engine.unregisterFilter(name)
  addFilterCosts(engine)
  return engine
}
