// Checks of options that the transports share.
import type { Refuse } from '../../src/core.ts'

/** The check of a whole number above 0 that may be left out. */
export const wholeNumber =
  (refuse: Refuse, name: string, defaultValue: number) =>
  (value: number = defaultValue): number =>
    Number.isSafeInteger(value) && value > 0 ? value : refuse(`\`${name}\` must be a whole number above 0.`)

/** The check of `perSecond`. */
export const rate =
  (refuse: Refuse) =>
  (perSecond: unknown): void => {
    if (perSecond !== undefined && !(typeof perSecond === 'number' && perSecond > 0))
      refuse('`perSecond` must be more than 0; leave it out for no limit.')
  }
