// Durations: milliseconds, or a number with a unit.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxDurationMs, minDurationMs, toMilliseconds } from '../../src/domain/duration.ts'

test.each([
  ['1500ms', 1500],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['2w', 1_209_600_000],
  ['0d', 0],
  [1234, 1234],
])('%j is %d milliseconds', (duration, milliseconds) => {
  expect(toMilliseconds(duration)).toBe(milliseconds)
})

test.each([
  '',
  '7',
  'd',
  '7 d',
  ' 7d',
  '7D',
  '-1d',
  '1.5h',
  '1e3s',
  '7days',
  '1h30m',
  '٧d',
  '999999999999999w',
  '9999999999999999s',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0.5,
  2 ** 60,
])('%j is no duration', duration => {
  expect(toMilliseconds(duration)).toBeNull()
})

test('an invite may last from one second to ten years', () => {
  expect([minDurationMs, maxDurationMs]).toEqual([1000, 315_360_000_000])
})

test('law: whatever is read is whole milliseconds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^\d{1,18}(ms|s|m|h|d|w)$/)), duration => {
      const milliseconds = toMilliseconds(duration)
      expect(milliseconds === null || Number.isSafeInteger(milliseconds)).toBe(true)
    }),
  )
})
