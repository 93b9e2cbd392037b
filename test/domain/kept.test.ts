// What is out in the world stays good: these bytes were made by another implementation (Python's hmac) and typed in. One that
// changes here is a link, a code or a cursor that stops working for somebody.
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../src/domain/cursor.ts'
import { toInviteId } from '../../src/domain/invite.ts'
import { addressHashOf, codeHashOf, codeOf, readToken, toKey, tokenOf } from '../../src/domain/token.ts'

const keyOf = () => toKey(Uint8Array.from({ length: 32 }, (_, byte) => byte))
const idOf = () => toInviteId('01900000-0000-7000-8000-000000000001') ?? expect.fail('is an id')

test('a link that was sent stays good', () => {
  const token = 'AZAAAAAAcACAAAAAAAAAAQAAARCoKLoUz2bXqHjviu0rukwd'
  expect(tokenOf(keyOf(), idOf(), 1)).toBe(token)
  expect(readToken([keyOf()], token)).toEqual({ id: idOf(), generation: 1, keyId: '8ab34d541f37' })
})

test('a code that was sent stays good', () => {
  expect(codeOf(keyOf(), idOf(), 1)).toBe('C0QHC08Z6W')
  expect(codeHashOf(keyOf(), 'C0QHC08Z6W')).toBe('cQi3KREZ_WTlocTv6EJcKKxq')
})

test('an address is counted under the mark that it had', () => {
  expect(addressHashOf(keyOf(), 'ada@example.com')).toBe('47Z1DokrE2nBflJ3OkQPBb9n')
})

test('a cursor that was handed out goes on', () => {
  const cursor = '9y8PZYXwt9OoNzLfWyIyMDI1LTA2LTAxIiw3XQ'
  expect(writeCursor([keyOf()], { list: 'invites' }, ['2025-06-01', 7])).toBe(cursor)
  expect(readCursor([keyOf()], { list: 'invites' }, cursor)).toEqual(['2025-06-01', 7])
})
