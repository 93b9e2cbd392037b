// Sinks that are switched off, by name.
import type { DisabledSinks } from '../../../src/core.ts'
import { rows, type Tables, type Write } from './tables.ts'

/** `at` finds the tables that a transaction sees. */
export const createDisabledSinks = <Tx>(at: (tx: Tx | undefined) => Tables, write: Write): DisabledSinks<Tx> => ({
  disable: sink =>
    write(() => {
      const { endpoints } = at(undefined)
      if (endpoints.get(sink.name) !== undefined) return false
      endpoints.set(sink.name, structuredClone(sink))
      return true
    }),
  enable: name =>
    write(() => {
      const { endpoints } = at(undefined)
      const wasOff = endpoints.get(name) !== undefined
      endpoints.delete(name)
      return wasOff
    }),
  list: async tx =>
    structuredClone([...rows(at(tx).endpoints)].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))),
})
