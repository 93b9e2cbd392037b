// Checks a template's content before it is stored: its shape, and that each of its texts can be filled in with sample values.

import { fail } from '../api/error.ts'
import type { Flaw } from '../domain/rejection.ts'
import type { TemplateContent } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import { textsOf as localeTexts } from '../text/catalogue.ts'
import { contentShape, textsOf } from './content.ts'
import { maxLength } from './fill.ts'
import { samples, valuesFor } from './values.ts'

const maxFlaws = 50
/** For all texts of one content together. */
const checkTimeoutMs = 1_000

/** The content as it is stored. Throws `template_invalid`, with the path of each flaw and what is wrong there. */
export async function checkContent(source: TemplateEngineSource, value: unknown, path: string): Promise<TemplateContent> {
  const flaws: Flaw[] = []
  const content = contentShape(value, path, flaws)
  if (flaws.length === 0) flaws.push(...(await textFlaws(source, content, path)))
  if (flaws.length > 0) throw fail('template_invalid', { errors: flaws.slice(0, maxFlaws) })
  return content
}

async function textFlaws(
  source: TemplateEngineSource,
  { locales = {}, ...base }: TemplateContent,
  path: string,
): Promise<Flaw[]> {
  const all = [
    { at: path, locale: null, sections: base },
    ...Object.entries(locales).map(([locale, sections]) => ({ at: `${path}.locales.${locale}`, locale, sections })),
  ].flatMap(({ at, locale, sections }) => textsOf(sections).map(each => ({ ...each, locale, path: `${at}.${each.path}` })))
  if (all.length === 0) return []
  const engine = await source()
  const end = performance.now() + checkTimeoutMs
  return all.flatMap(({ path, text, slot, locale }) => {
    for (const sample of samples) {
      if (performance.now() > end) return [{ path, detail: 'comes after texts that take too long' }]
      const detail = engine.flawOf(text, valuesFor(slot, sample, localeTexts(locale)), maxLength[slot])
      if (detail !== null) return [{ path, detail }]
    }
    return []
  })
}
