// The host's keys: which of them signed an invite, and the marks of an address under each.
import { addressHashOf, type Key } from '../domain/token.ts'
import type { Settings } from './settings.ts'

/** The key that signed an invite, if the host still has it. */
export const keyOf = <Tx>(settings: Settings<Tx>, keyId: string): Key | null =>
  settings.keys.find(key => key.id === keyId) ?? null

/** The marks of an address, under every key. */
export const addressHashesOf = <Tx>({ keys }: Settings<Tx>, address: string): readonly string[] =>
  keys.map(key => addressHashOf(key, address))
