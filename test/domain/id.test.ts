// The id of an invite: a UUID in lower case. Here by itself, since every other test is made of ids.
import { expect, test } from 'vitest'
import { toInviteId } from '../../src/domain/invite.ts'

test('a lower-case UUID is an id', () => {
  const uuid = '0190f3a2-7b4c-7d5e-8f60-123456789abc'
  expect(toInviteId(uuid)).toBe(uuid)
})

test.each([
  '',
  '1',
  'INV-1',
  '01900000-0000-7000-8000-00000000000',
  '01900000-0000-7000-8000-0000000000010',
  '001900000-0000-7000-8000-000000000001',
  '01900000-0000-7000-8000-00000000000A',
  '{01900000-0000-7000-8000-000000000001}',
])('%j is no id: such an invite cannot exist', text => {
  expect(toInviteId(text)).toBeNull()
})
