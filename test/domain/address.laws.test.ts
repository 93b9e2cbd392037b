// Laws of addresses: reading is idempotent, and two mailboxes never share a key.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskEmail, parseEmail } from '../../src/domain/address.ts'

const read = (text: string) => {
  const parsed = parseEmail(text)
  return parsed.ok ? parsed.value : null
}

const letters = fc.constantFrom(...'abzABZ019!#+_-éÉßıİſΣσς用ñ')
const word = fc.string({ unit: letters, minLength: 1, maxLength: 8 })
const local = fc.array(word, { minLength: 1, maxLength: 3 }).map(words => words.join('.'))
const name = fc.string({ unit: fc.constantFrom(...'abzABZ019-éÉßıİΣσς用ñ'), minLength: 1, maxLength: 8 })
const domain = fc.array(name, { minLength: 1, maxLength: 3 }).map(labels => `${labels.join('.')}.example`)
const address = fc.tuple(local, domain).map(([before, after]) => `${before}@${after}`)
const anything = fc.oneof(
  address,
  fc.emailAddress(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'binary' }).map(text => `${text}@example.com`),
)
const many = { numRuns: 2000 }

test('reading what was read gives the same, and so does reading the key', () => {
  fc.assert(
    fc.property(anything, text => {
      const once = read(text)
      if (once === null) return
      expect(read(once.text)).toEqual(once)
      expect(read(once.key)?.key).toBe(once.key)
    }),
    many,
  )
})

test('blanks around it change nothing', () => {
  fc.assert(
    fc.property(anything, text => {
      expect(read(`  ${text}\t`)).toEqual(read(text))
    }),
  )
})

test('no text makes it throw, and no key has two at signs, a blank, a comma, a capital or an invisible character', () => {
  fc.assert(
    fc.property(anything, text => {
      expect(read(text)?.key ?? 'a@b').toMatch(/^[^@\s,;<>"()[\]\\A-Z\p{C}\p{Default_Ignorable_Code_Point}]+@[a-z0-9.-]+$/u)
    }),
    many,
  )
})

test('two mailboxes share a key only when nothing but the case of ASCII letters tells them apart', () => {
  const lower = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
  fc.assert(
    fc.property(local, local, (a, b) => {
      const [one, other] = [read(`${a}@example.com`), read(`${b}@example.com`)]
      if (one === null || other === null) return
      expect(one.key === other.key).toBe(lower(a) === lower(b))
    }),
    many,
  )
})

test('a key keeps its local part and its domain apart: neither can take from the other', () => {
  fc.assert(
    fc.property(address, address, (a, b) => {
      const [one, other] = [read(a), read(b)]
      if (one === null || other === null || one.key !== other.key) return
      expect(one.key.split('@')).toHaveLength(2)
      expect(a.split('@')[0]?.length).toBe(b.split('@')[0]?.length)
    }),
    many,
  )
})

test('a mask tells one letter of the local part and no more', () => {
  fc.assert(
    fc.property(address, text => {
      const [before = '', after] = maskEmail(text).split('@')
      expect([[...before].length, before.at(-1), after]).toEqual([2, '…', text.split('@')[1]])
    }),
  )
})
