// The lists of both dialects. Kysely takes a tenth of a second to load, so the first list loads it, not the import.
import type { Lists } from '../../../../src/core.ts'
import type { Setup } from './builder.ts'
import { summaryOf } from './summary.ts'

export function createLists<Tx>(setup: Setup<Tx>): Lists<Tx> {
  const ofInvites = once(async () => (await import('./invites.ts')).createInviteLists(setup))
  const others = once(async () => (await import('./others.ts')).createOtherLists(setup))
  return {
    invites: async (query, tx) => (await ofInvites()).invites(query, tx),
    total: async (query, cap, tx) => (await ofInvites()).total(query, cap, tx),
    mine: async (addresses, tx) => (await ofInvites()).mine(addresses, tx),
    addressed: async (address, tx) => (await ofInvites()).addressed(address, tx),
    due: async (now, limit, where) => (await ofInvites()).due(now, limit, where),
    remindable: async (now, limit, after) => (await ofInvites()).remindable(now, limit, after),
    deliveries: async (ids, tx) => (ids.length === 0 ? [] : (await others()).deliveries(ids, tx)),
    history: async (query, tx) => (await others()).history(query, tx),
    members: async (query, tx) => (await others()).members(query, tx),
    summary: (query, tx) => summaryOf(setup, query, tx),
  }
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load()
    return loaded
  }
}
