// What is looked for in a text before any of it is written, and how its faults are told.
import type { Liquid, Template } from 'liquidjs'
import type { TemplateValue, TemplateValues } from '../../src/core.ts'
import type { LiquidModule } from './scope.ts'

/** How deep tags stand in each other. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [, end, word] of text.matchAll(/\{%-?\s*(end)?(if|unless|case|for)\b/g)) {
    if (word === undefined) continue
    depth = Math.max(0, depth + (end === undefined ? 1 : -1))
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

type Segments = ReturnType<Liquid['globalVariableSegmentsSync']>[number]

/** The first name that is not in the sample, wherever it stands. */
export function unknownIn(engine: Liquid, templates: Template[], sample: TemplateValues): string | null {
  for (const segments of engine.globalVariableSegmentsSync(templates, { partials: false })) {
    const flaw = flawOfName(segments, sample)
    if (flaw !== null) return flaw
  }
  return null
}

function flawOfName(segments: Segments, sample: TemplateValues): string | null {
  const name = segments.map(String).join('.')
  let value: TemplateValue | undefined = sample
  for (const [index, segment] of segments.entries()) {
    // The host's own, whatever it holds.
    if (index === 1 && segments[0] === 'metadata' && 'metadata' in sample) return null
    if (typeof segment !== 'string') return `has a name that is only known later in ${name}`
    if (segment === 'size' && typeof value === 'string') return null
    if (!isFacts(value) || !Object.hasOwn(value, segment)) return unknownName(name, sample)
    value = value[segment]
  }
  if (name === 'metadata') return 'metadata is no text: write metadata.name, by the name of a field'
  return isFacts(value) ? `${name} is no text: write ${name}.${Object.keys(value).join(` or ${name}.`)}` : null
}

const isFacts = (value: TemplateValue | undefined): value is TemplateValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function unknownName(name: string, sample: TemplateValues): string {
  const names = Object.entries(sample).flatMap(([key, value]) =>
    isFacts(value) && key !== 'metadata' ? Object.keys(value).map(field => `${key}.${field}`) : [key],
  )
  return `there is no ${name} here; there is ${names.join(', ')}`
}

/** Every `{{ … }}`, in all branches. */
export function* outputsIn(liquid: LiquidModule, templates: Iterable<Template>): Generator<Template> {
  for (const template of templates) {
    if (template instanceof liquid.Output) yield template
    if (!('children' in template) || !template.children) continue
    yield* outputsIn(liquid, liquid.toValueSync(template.children(false, true)))
  }
}

/** Liquid's words without the text around the place, which it also shows. */
export function sentenceOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line
    .replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2)')
    .replace(/^undefined variable: /, 'there is no ')
    .slice(0, 300)
}
