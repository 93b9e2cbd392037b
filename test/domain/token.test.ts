// Tokens and codes: derived, never stored; a forged one is refused before any query.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressHashOf,
  codeHashOf,
  codeOf,
  lastGeneration,
  readToken,
  toCode,
  toKey,
  tokenOf,
  toSecret,
} from '../../src/domain/token.ts'
import { anything } from './anything.ts'
import { idOf } from './given.ts'

const bytesOf = (name: string) => createHash('sha256').update(name).digest()
const key = toKey(bytesOf('one'))
const other = toKey(bytesOf('other'))
const spelling = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const ids = fc.integer({ min: 0, max: 999_999_999 }).map(idOf)
const generations = fc.integer({ min: 0, max: lastGeneration })

describe('a token', () => {
  const token = tokenOf(key, idOf(1), 1)

  test('says which invite, which generation and which key: round trip', () => {
    fc.assert(
      fc.property(ids, generations, (id, generation) => {
        expect(readToken([key], tokenOf(key, id, generation))).toEqual({ id, generation, keyId: key.id })
      }),
    )
  })
  test('is the same every time, and another for every invite, generation and key', () => {
    expect(tokenOf(key, idOf(1), 1)).toBe(token)
    const others = [tokenOf(key, idOf(2), 1), tokenOf(key, idOf(1), 2), tokenOf(other, idOf(1), 1)]
    expect(new Set([token, ...others]).size).toBe(4)
  })
  test('is 48 characters that need no escaping in a URL', () => {
    expect(token).toMatch(/^[A-Za-z0-9_-]{48}$/)
  })
  test('with any one character replaced by any other is refused', () => {
    for (let at = 0; at < token.length; at++) {
      for (const char of spelling) {
        const forged = token.slice(0, at) + char + token.slice(at + 1)
        expect(readToken([key], forged) === null, `${char} at ${at}`).toBe(forged !== token)
      }
    }
  })
  test('has one spelling: padded, shortened, lengthened, blank or in the other base64 alphabet, it is refused', () => {
    const odd = fc.sample(fc.tuple(ids, generations), 200).map(([id, generation]) => tokenOf(key, id, generation))
    const standard = odd.find(text => /[-_]/.test(text)) ?? ''
    const variants = [
      `${token}=`,
      `${token}A`,
      ` ${token}`,
      `${token}\n`,
      token.slice(1),
      token.slice(0, -1),
      `${token.slice(0, 47)}=`,
      token.toUpperCase(),
      '',
      standard.replace(/-/g, '+').replace(/_/g, '/'),
    ]
    for (const text of variants) expect(readToken([key], text)).toBeNull()
  })
  test('under another key is refused; every key of the host verifies', () => {
    expect(readToken([other], token)).toBeNull()
    expect(readToken([other, key], token)).toEqual({ id: idOf(1), generation: 1, keyId: key.id })
  })
  test('made of anything else is refused, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(anything, fc.string({ unit: fc.constantFrom(...spelling), minLength: 48, maxLength: 48 })),
        text => readToken([key], text) === null,
      ),
    )
  })
})

describe('a code', () => {
  test('is ten characters without I, L, O and U, the same every time', () => {
    fc.assert(
      fc.property(ids, generations, (id, generation) => {
        expect(codeOf(key, id, generation)).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
        expect(codeOf(key, id, generation)).toBe(codeOf(key, id, generation))
      }),
    )
  })
  test('is another for every invite, generation and key', () => {
    const codes = [codeOf(key, idOf(1), 1), codeOf(key, idOf(1), 2), codeOf(key, idOf(2), 1), codeOf(other, idOf(1), 1)]
    expect(new Set(codes).size).toBe(4)
    expect(new Set(Array.from({ length: 2000 }, (_, number) => codeOf(key, idOf(number), 1))).size).toBe(2000)
  })
  test('is read as it was meant: small letters, blanks, dashes, and look-alikes', () => {
    expect(toCode(' 01abc-DEFGH ')).toBe('01ABCDEFGH')
    expect(toCode('oO iI lL 0 0 1 1')).toBe('0011110011')
    fc.assert(
      fc.property(ids, id => {
        const code = codeOf(key, id, 1)
        expect(toCode(code)).toBe(code)
        expect(toCode(`${code.slice(0, 5)}-${code.slice(5)}`.toLowerCase())).toBe(code)
        expect(toCode(code.replace(/0/g, 'O').replace(/1/g, 'l'))).toBe(code)
      }),
    )
  })
  test.each(['', '012345678', '0123456789A', '01234567U9', '01234_6789', '01234٧6789', 'ßßßßßß', null, undefined, 7, {}])(
    'is not %j',
    text => {
      expect(toCode(text as string)).toBeNull()
    },
  )
  test('is looked up by a keyed hash that does not tell it', () => {
    const code = codeOf(key, idOf(1), 1)
    expect(codeHashOf(key, code)).toMatch(/^[A-Za-z0-9_-]{24}$/)
    expect(codeHashOf(key, code)).not.toBe(codeHashOf(other, code))
  })
})

test('one key is derived per purpose, and its id is public', () => {
  const parts = [key.token, key.code, key.codeHash, key.addressHash, key.cursor].map(bytes =>
    Buffer.from(bytes).toString('hex'),
  )
  expect(new Set(parts).size).toBe(5)
  expect(parts.some(part => part.startsWith(key.id))).toBe(false)
  expect(key.id).toMatch(/^[0-9a-f]{12}$/)
  expect(toKey(bytesOf('one'))).toEqual(key)
})

test('a mark stands for an address without telling it', () => {
  expect(addressHashOf(key, 'ada@example.com')).toBe(addressHashOf(key, 'ada@example.com'))
  expect(
    new Set([
      addressHashOf(key, 'ada@example.com'),
      addressHashOf(key, 'bob@example.com'),
      addressHashOf(other, 'ada@example.com'),
    ]).size,
  ).toBe(3)
})

describe('a key is given', () => {
  const secrets = fc.uint8Array({ minLength: 32, maxLength: 64 })

  test('as hex, base64url or bytes, of at least 32 bytes', () => {
    fc.assert(
      fc.property(secrets, secret => {
        const hex = Buffer.from(secret).toString('hex')
        for (const given of [hex, hex.toUpperCase(), Buffer.from(secret).toString('base64url'), secret]) {
          expect(Buffer.from(toSecret(given) ?? []).toString('hex')).toBe(hex)
        }
      }),
    )
  })
  test('of exactly 32 bytes at least', () => {
    const secret = bytesOf('one')
    for (const given of [secret.toString('hex'), secret.toString('base64url'), secret]) expect(toSecret(given)).toEqual(secret)
  })
  test('and never shorter: 31 bytes or less are refused in any form', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 31 }), secret => {
        const text = Buffer.from(secret)
        for (const given of [text.toString('hex'), text.toString('base64url'), secret]) expect(toSecret(given)).toBeNull()
      }),
    )
  })
  test.each([
    '',
    'a'.repeat(65),
    'correct horse battery staple and so on',
    `${'A'.repeat(43)}=`,
    `${'Az'.repeat(21)}+/`,
    `+/${'Az'.repeat(21)}`,
  ])('and not as %j', text => {
    expect(toSecret(text)).toBeNull()
  })
})
