// Suppressed addresses: their owners want no more messages from an organization. Only hashes are kept, each made with the key
// that was first in its day, so they are looked up with every key. One found with an old key is added again with the first, so
// that the old key can be removed.

import { createBatcher } from '../concurrency/batcher.ts'
import { addressAt } from '../domain/channel.ts'
import { addressHashOf } from '../domain/token.ts'
import { addressHashesOf } from '../options/keys.ts'
import { nowOf, type Settings } from '../options/settings.ts'
import type { Checked } from '../ports/storage/outbox.ts'

/** Asked immediately before a message is sent. */
export function createSuppressed<Tx>(settings: Settings<Tx>) {
  const { storage, addressKinds, keys } = settings
  const now = () => nowOf(settings)
  const find = createBatcher(storage.suppressions.find)

  return {
    /** Why it must not be sent, in our words; null when it may. */
    async why({ invite, message, suppressing }: Checked): Promise<string | null> {
      // Without a hash it is to somebody else than the recipient.
      const address = suppressing && message.addressHash !== null ? addressAt(invite, addressKinds.get(message.target)) : null
      if (address === null) return null
      const { organizationId } = message
      const found = await find({ organizationId, addressHashes: addressHashesOf(settings, address) })
      if (found.length === 0) return null
      const addressHash = addressHashOf(keys[0], address)
      if (!found.includes(addressHash)) await storage.suppressions.add({ organizationId, addressHashes: [addressHash] }, now())
      return 'the recipient wants no more messages from this organization'
    },

    /** For a recipient who has opted out at the provider. */
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
