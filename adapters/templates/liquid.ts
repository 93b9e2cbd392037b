// Loads the template engine, LiquidJS, when the first text with placeholders comes. The package is optional.
import type { TemplateEngine } from '../../src/core.ts'

let loading: Promise<TemplateEngine> | undefined

/** Rejects with an error that says what to install while the package is missing; the next call tries again. */
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
