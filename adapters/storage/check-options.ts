// What a storage is made from, checked when it is made: only its shape can be seen before the first statement.

/** Begins with a space: what is most often wrong with a value that is not there. */
export const unset = (value: unknown): string =>
  value === undefined || value === '' ? ` It is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?` : ''

/** Whether it has these functions; of its own or its class's. */
export const has = (thing: unknown, ...names: readonly string[]): thing is object =>
  ((typeof thing === 'object' && thing !== null) || typeof thing === 'function') &&
  names.every(name => typeof Reflect.get(thing, name) === 'function')

/** Throws for what is not the library's own object. */
export function checkLibrary(connector: string, what: string, given: unknown, ...names: readonly string[]): void {
  if (has(given, ...names)) return
  const told = given === undefined || given === null ? ` It is ${given}.` : ''
  throw new TypeError(`${connector}: takes ${what}, which has ${names.map(name => `\`${name}\``).join(' and ')}.${told}`)
}

/** Throws for what is no transaction of the library's. */
export function checkTx(isOne: boolean, which: string): void {
  if (!isOne) throw new TypeError(`invitekit: \`tx\` must be ${which}`)
}

/** Throws for an option that there is not. */
export function checkNames(storage: string, options: object, names: readonly string[]): void {
  const unknown = Object.keys(options).find(key => !names.includes(key))
  if (unknown !== undefined)
    throw new TypeError(`${storage}: there is no option \`${unknown}\`; the options are ${names.join(', ')}.`)
}

/** Milliseconds, or left out. */
export function checkWaits(storage: string, waits: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(waits)) {
    if (value !== undefined && !(typeof value === 'number' && value >= 1 && value < 2 ** 31))
      throw new TypeError(`${storage}: \`${name}\` must be milliseconds, such as 5_000, or left out.`)
  }
}
