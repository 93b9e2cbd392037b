// Checks of fields that several inputs share.
import { anything, type Check, name, object } from './validators.ts'

/** A BCP 47 language tag such as `pt-BR`; absent and blank become null. */
export const locale: Check<string | null> = (value, path, flaws) => {
  const tag = name(35)(value, path, flaws)
  if (tag !== null && !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))
    flaws.push({ path, detail: 'must be a language tag such as pt-BR' })
  return tag
}

/** An input that is only an id; the id itself is checked by `inviteIdFrom`. */
export const byId = object({ id: anything })
