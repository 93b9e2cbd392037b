// Storage port: suppressions, the addresses that want no messages from an organization. Stored as hashes only.

/** Hashes of addresses in one organization. For authors of a storage. */
export interface AddressHashes {
  readonly organizationId: string
  readonly addressHashes: readonly string[]
}

/** Suppressions. Repeating a call is harmless. For authors of a storage. */
export interface Suppressions {
  /** Adds those that are not stored yet. Atomic. */
  add(those: AddressHashes, at: Date): Promise<void>
  /** Deletes them; true when any was stored. Atomic. */
  remove(those: AddressHashes): Promise<boolean>
  /** Which of these are stored, for each query in order. One statement. */
  find(queries: readonly AddressHashes[]): Promise<readonly (readonly string[])[]>
}
