// What operators and filters cost: Liquid counts tags alone, whatever is compared and computed in them.
import type { Context, Liquid } from 'liquidjs'
import type { LiquidModule, Scope } from './scope.ts'

type Operators = LiquidModule['defaultOperators']
type Operator = (...given: unknown[]) => unknown

/** Of a step: one comparison, or one filter. */
const part = 0.1
/** Characters that the name of a day or month in a date takes as long as. */
const dateName = 100

/** Each costs a part of a step, and what it has to look at counts as memory. */
export const charged = (operators: Operators): Operators =>
  Object.fromEntries(Object.entries(operators).map(([name, run]) => [name, paid(run as Operator)])) as Operators

const paid = (run: Operator): Operator =>
  function* (...given: unknown[]): Generator<unknown, unknown> {
    const scope = given.at(-1) as Scope
    scope.spend(part)
    scope.memoryLimit.use(given.slice(0, -1).reduce<number>((sum, each) => sum + sizeOf(each), 0))
    return yield run(...given)
  }

const sizeOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum, each) => sum + 1 + sizeOf(each), 0)
  return typeof value === 'string' ? value.length : 0
}

/** Filters that are left in the engine. */
export function chargeFilters(engine: Liquid): void {
  for (const [name, filter] of Object.entries(engine.filters)) {
    const { handler, raw } = typeof filter === 'function' ? { handler: filter, raw: false } : filter
    engine.registerFilter(name, {
      raw: raw ?? false,
      handler(...given: Parameters<typeof handler>) {
        const scope: Context = this.context
        ;(scope as Scope).spend(part)
        if (name === 'date') scope.memoryLimit.use(String(given[1] ?? '').split('%').length * dateName)
        return handler.apply(this, given)
      },
    })
  }
}
