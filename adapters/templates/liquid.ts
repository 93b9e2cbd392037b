// Templates by LiquidJS, loaded with the first placeholder: a part of the language in which nothing can run away.
import type { TemplateEngine } from '../../src/core.ts'

let loading: Promise<TemplateEngine> | undefined

/** The writer; without the package an error that names it. */
export function loadTemplateEngine(): Promise<TemplateEngine> {
  loading ??= import('liquidjs').then(
    async liquid => (await import('./engine.ts')).createTemplateEngine(liquid),
    (cause: unknown) => {
      loading = undefined
      throw new Error('invitekit: templates with placeholders need `npm install liquidjs`.', { cause })
    },
  )
  return loading
}
