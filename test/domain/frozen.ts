// Facts that nobody can change: whoever tries throws, and the test is red.

/** The value itself, frozen to the bottom; maps, sets and dates refuse their writing methods. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (value instanceof Map || value instanceof Set || value instanceof Date) {
    for (const method of ['set', 'add', 'delete', 'clear', 'setTime', 'setUTCHours', 'setHours']) {
      if (method in value) Object.defineProperty(value, method, { value: () => refuse(method) })
    }
  }
  if (value instanceof Map) for (const entry of value.values()) frozen(entry)
  Object.freeze(value)
  for (const part of Object.values(value)) frozen(part)
  return value
}

const refuse = (method: string): never => {
  throw new TypeError(`${method}() on frozen facts`)
}
