// Fields that several inputs share.
import { anything, type Check, name, object } from './validators.ts'

export const locale: Check<string | null> = (value, path, flaws) => {
  const tag = name(35)(value, path, flaws)
  if (tag !== null && !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))
    flaws.push({ path, detail: 'must be a language tag such as pt-BR' })
  return tag
}

export const byId = object({ id: anything })
