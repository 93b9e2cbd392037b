// Cursors: opaque, signed, and good for the one list that they were made for.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCursor, writeCursor } from '../../src/domain/cursor.ts'
import { toKey } from '../../src/domain/token.ts'
import { anything } from './anything.ts'

const keyOf = (name: string) => toKey(createHash('sha256').update(name).digest())
const key = keyOf('one')
const scope = { organizationId: 'acme', list: 'invites', sort: '-createdAt' }
const values = fc.array(fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.integer(), fc.constant(null)), { maxLength: 4 })

test('a cursor says what was written: round trip, under any key of the host', () => {
  fc.assert(
    fc.property(values, value => {
      expect(readCursor([keyOf('new'), key], scope, writeCursor([key], scope, value))).toEqual(value)
    }),
  )
})

test('a cursor of another organization, list or sort, or under another key, is none', () => {
  const cursor = writeCursor([key], scope, ['2025-06-01', 7])
  for (const other of [{ organizationId: 'evil' }, { list: 'members' }, { sort: 'createdAt' }]) {
    expect(readCursor([key], { ...scope, ...other }, cursor)).toBeNull()
  }
  expect(readCursor([keyOf('other')], scope, cursor)).toBeNull()
})

test('a cursor that was changed, cut or made up is none, and nothing throws', () => {
  const cursor = writeCursor([key], scope, ['2025-06-01', 7])
  for (let at = 0; at < cursor.length; at++) {
    expect(
      readCursor([key], scope, `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`),
    ).toBeNull()
    expect(readCursor([key], scope, cursor.slice(0, at))).toBeNull()
  }
  for (const text of [`${cursor}=`, `${cursor}A`, ` ${cursor}`]) expect(readCursor([key], scope, text)).toBeNull()
  fc.assert(fc.property(anything, text => readCursor([key], scope, text) === null))
})
