// The signed text of an unsubscribe link: readable under every key, forgeable under none, and never taken for a token.
import { expect, test } from 'vitest'
import { type InviteId, toInviteId } from '../../src/domain/invite.ts'
import { addressHashOf, type Keyring, readToken, toKey, tokenOf } from '../../src/domain/token.ts'
import { readUnsubscribe, unsubscribeOf } from '../../src/domain/unsubscribe-token.ts'

const key = toKey(new Uint8Array(32).fill(7))
const next = toKey(new Uint8Array(32).fill(8))
const id = toInviteId('0192f1aa-1234-7abc-8def-0123456789ab') as InviteId
const mark = addressHashOf(key, 'ada@example.com')
const made = () => unsubscribeOf(key, { id, addressHash: mark })

test('it is the same in every version: links that were sent go on working', () => {
  expect(made()).toBe('AZLxqhI0eryN7wEjRWeJq-O_lnRmsH6lwd86ZzTzJEO1Wes8zGstGnsPFlR0Da6_Yws5')
})

test('it says the invite and the mark, under the key that signed it and those before and after', () => {
  const text = made()
  expect(text).toMatch(/^[\w-]{68}$/)
  const rings: Keyring[] = [[key], [next, key], [key, next]]
  expect(rings.map(ring => readUnsubscribe(ring, text))).toEqual(rings.map(() => ({ id, addressHash: mark })))
  expect(readUnsubscribe([next], text)).toBeNull()
})

test('whatever is changed, added or left out, it says nothing', () => {
  const text = made()
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === 'A' ? 'B' : 'A'
    expect(readUnsubscribe([key], text.slice(0, at) + other + text.slice(at + 1))).toBeNull()
  }
  for (const other of [
    '',
    text.slice(1),
    `${text}A`,
    `${text.slice(0, -1)}=`,
    `=${text.slice(1)}`,
    `${text.slice(0, -1)} `,
    'A'.repeat(68),
  ]) {
    expect(readUnsubscribe([key], other)).toBeNull()
  }
})

test('an invite token is no unsubscribe link, and the other way round', () => {
  const [text, token] = [made(), tokenOf(key, id, 1)]
  expect([readUnsubscribe([key], token), readToken([key], text)]).toEqual([null, null])
  // Not even where the lengths fit: the keys are of different purposes.
  const padded = Buffer.concat([Buffer.from(token, 'base64url'), Buffer.alloc(15)]).toString('base64url')
  expect([readUnsubscribe([key], padded), readToken([key], text.slice(0, 48))]).toEqual([null, null])
})
