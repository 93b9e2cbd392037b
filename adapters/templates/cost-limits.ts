// Counts what operators and filters cost. Liquid itself counts tags only, however much is compared and computed in them.
import type { Context, Liquid } from 'liquidjs'
import type { LiquidModule, Scope } from './scope.ts'

type Operators = LiquidModule['defaultOperators']
type Operator = (...operands: unknown[]) => unknown

/** Steps that one comparison or one filter costs. */
const callCost = 0.1
/** Characters of memory that each `%` field of a date costs, because formatting one takes about as long. */
const dateFieldCost = 100

/** Each call costs a part of a step, and the size of its operands counts as memory. */
export const withCosts = (operators: Operators): Operators =>
  Object.fromEntries(Object.entries(operators).map(([name, run]) => [name, withCost(run as Operator)])) as Operators

const withCost = (run: Operator): Operator =>
  function* (...operands: unknown[]): Generator<unknown, unknown> {
    const scope = operands.at(-1) as Scope
    scope.spend(callCost)
    scope.memoryLimit.use(operands.slice(0, -1).reduce<number>((sum, each) => sum + sizeOf(each), 0))
    return yield run(...operands)
  }

const sizeOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce((sum, each) => sum + 1 + sizeOf(each), 0)
  return typeof value === 'string' ? value.length : 0
}

/** The same for the filters that the engine has. */
export function addFilterCosts(engine: Liquid): void {
  for (const [name, filter] of Object.entries(engine.filters)) {
    const { handler, raw } = typeof filter === 'function' ? { handler: filter, raw: false } : filter
    engine.registerFilter(name, {
      raw: raw ?? false,
      handler(...args: Parameters<typeof handler>) {
        const scope: Context = this.context
        ;(scope as Scope).spend(callCost)
        if (name === 'date') scope.memoryLimit.use(String(args[1] ?? '').split('%').length * dateFieldCost)
        return handler.apply(this, args)
      },
    })
  }
}
