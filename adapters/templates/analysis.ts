// Static checks of a parsed text: its nesting, the names that it uses, its placeholders, and the sentence for an error.
import type { Liquid, Template } from 'liquidjs'
import type { TemplateValue, TemplateValues } from '../../src/core.ts'
import type { LiquidModule } from './scope.ts'

/** How deep tags are nested. */
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

/** What is wrong with the first name that is not in the sample. It looks into all branches. */
export function unknownNameIn(engine: Liquid, templates: Template[], sample: TemplateValues): string | null {
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
    // Metadata is the host's own: any name in it is accepted.
    if (index === 1 && segments[0] === 'metadata' && 'metadata' in sample) return null
    if (typeof segment !== 'string') return `has a name that is only known later in ${name}`
    if (segment === 'size' && typeof value === 'string') return null
    if (!isValues(value) || !Object.hasOwn(value, segment)) return unknownName(name, sample)
    value = value[segment]
  }
  if (name === 'metadata') return 'metadata is no text: write metadata.name, by the name of a field'
  return isValues(value) ? `${name} is no text: write ${name}.${Object.keys(value).join(` or ${name}.`)}` : null
}

const isValues = (value: TemplateValue | undefined): value is TemplateValues =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function unknownName(name: string, sample: TemplateValues): string {
  const names = Object.entries(sample).flatMap(([key, value]) =>
    isValues(value) && key !== 'metadata' ? Object.keys(value).map(field => `${key}.${field}`) : [key],
  )
  return `there is no ${name} here; there is ${names.join(', ')}`
}

/** Every `{{ … }}` of a text, in all branches. */
export function* outputsIn(liquid: LiquidModule, templates: Iterable<Template>): Generator<Template> {
  for (const template of templates) {
    if (template instanceof liquid.Output) yield template
    if (!('children' in template) || !template.children) continue
    yield* outputsIn(liquid, liquid.toValueSync(template.children(false, true)))
  }
}

/** The first line of Liquid's message. The lines after it quote the text, which the caller has. */
export function sentenceOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line
    .replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2)')
    .replace(/^undefined variable: /, 'there is no ')
    .slice(0, 300)
}
