// A storage without the revision check, to show that the races are lost without it.
import type { Storage } from 'invitekit'
import { question } from '../support/make.ts'

/** Claims whatever revision is current in the moment of writing, and never guesses or asks for the lock. */
export function unguarded(storage: Storage<never>): Storage<never> {
  const { withLock, speculation, ...open } = storage
  return {
    ...open,
    async commit(changes, options) {
      for (let tries = 0; tries < 20; tries += 1) {
        const { revision } = await storage.read(question(changes.organizationId), options?.tx)
        if ((await storage.commit({ ...changes, revision }, options)) === 'committed') return 'committed'
      }
      return 'conflict'
    },
  }
}
