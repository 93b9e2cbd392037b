// Who wants no more messages from an organization, as marks: no address is kept.

export interface MarksOf {
  readonly organizationId: string
  readonly marks: readonly string[]
}

export interface Suppressions {
  /** Adds those that are not there yet. */
  add(those: MarksOf, at: Date): Promise<void>
  /** Takes them away; tells whether any was there. */
  remove(those: MarksOf): Promise<boolean>
  /** Which of these are there, for each question in order. */
  find(asked: readonly MarksOf[]): Promise<readonly (readonly string[])[]>
}
