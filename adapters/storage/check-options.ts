// Checks that storages and connectors share. Before the first statement only the shape of an object can be checked.
import { hasFunctions, type Refuse, refuseAs } from '../../src/core.ts'

/** Throws unless it is the object of the library that this connector takes. */
export function checkLibrary(connector: string, what: string, given: unknown, ...names: readonly string[]): void {
  if (hasFunctions(given, ...names)) return
  const missing = given === undefined || given === null ? ` It is ${given}.` : ''
  refuseAs(connector)(`takes ${what}, which has ${names.map(name => `\`${name}\``).join(' and ')}.${missing}`)
}

/** Throws unless `tx` is a transaction of the library; `which` says what it must be. */
export function checkTx(isTransaction: boolean, which: string): void {
  if (!isTransaction) refuseAs('invitekit')(`\`tx\` must be ${which}`)
}

/** The check of an option in milliseconds that may be left out. */
export const milliseconds =
  (refuse: Refuse, name: string) =>
  (value: unknown): void => {
    if (value !== undefined && !(typeof value === 'number' && value >= 1 && value < 2 ** 31))
      refuse(`\`${name}\` must be milliseconds, such as 5_000, or left out.`)
  }
