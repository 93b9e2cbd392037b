// Who wants no more messages from an organization, as marks: no address is kept.

export interface AddressHashes {
  readonly organizationId: string
  readonly addressHashes: readonly string[]
}

export interface Suppressions {
  /** Adds those that are not there yet. */
  add(those: AddressHashes, at: Date): Promise<void>
  /** Takes them away; tells whether any was there. */
  remove(those: AddressHashes): Promise<boolean>
  /** Which of these are there, for each question in order. */
  find(asked: readonly AddressHashes[]): Promise<readonly (readonly string[])[]>
}
