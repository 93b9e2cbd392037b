// Who wants no more messages from an organization. Only marks are kept, each under the first key of its day, so that they
// are looked up under every key; what is found under an old one is written under the first, before the old one goes.

import { createBatcher } from '../concurrency/batcher.ts'
import { addressAt } from '../domain/channel.ts'
import { addressHashOf } from '../domain/token.ts'
import { addressHashesOf } from '../options/keys.ts'
import { nowOf, type Settings } from '../options/settings.ts'
import type { Checked } from '../ports/storage/outbox.ts'

/** Asks for a message immediately before it is handed over. */
export function createSuppressed<Tx>(settings: Settings<Tx>) {
  const { storage, addressKinds, keys } = settings
  const now = () => nowOf(settings)
  const find = createBatcher(storage.suppressions.find)

  return {
    /** Why it must not be sent, in our words; null when it may. */
    async why({ invite, message, suppressing }: Checked): Promise<string | null> {
      // Without a mark it is to somebody else than the recipient.
      const address = suppressing && message.addressHash !== null ? addressAt(invite, addressKinds.get(message.target)) : null
      if (address === null) return null
      const { organizationId } = message
      const found = await find({ organizationId, addressHashes: addressHashesOf(settings, address) })
      if (found.length === 0) return null
      const mark = addressHashOf(keys[0], address)
      if (!found.includes(mark)) await storage.suppressions.add({ organizationId, addressHashes: [mark] }, now())
      return 'the recipient wants no more messages from this organization'
    },

    /** The provider says that the recipient has opted out. */
    async add({ invite, message }: Checked): Promise<void> {
      const address = addressAt(invite, addressKinds.get(message.target))
      if (address === null || message.addressHash === null) return
      await storage.suppressions.add(
        { organizationId: message.organizationId, addressHashes: [addressHashOf(keys[0], address)] },
        now(),
      )
    },
  }
}
