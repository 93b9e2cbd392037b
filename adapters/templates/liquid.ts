// Templates by LiquidJS, loaded with the first placeholder: a part of the language in which nothing can run away.
import type { Writer } from '../../src/core.ts'

let loading: Promise<Writer> | undefined

/** The writer; without the package an error that names it. */
export function loadWriter(): Promise<Writer> {
  loading ??= import('liquidjs').then(
    async liquid => (await import('./engine.ts')).createWriter(liquid),
    (cause: unknown) => {
      loading = undefined
      throw new Error('invitekit: templates with placeholders need `npm install liquidjs`.', { cause })
    },
  )
  return loading
}
