// Quarantine: organizations whose shared statement failed commit alone for a while.
import { expect, test } from 'vitest'
import { createQuarantine } from '../../adapters/storage/postgres/speculation/quarantine.ts'

const failed = () => Promise.reject(new Error('refused'))

test('organizations of a failed statement are quarantined until eight commits of their own have succeeded', async () => {
  const suspects = createQuarantine()
  await expect(suspects.watch(['a', 'b'], failed())).rejects.toThrow('refused')
  expect([suspects.has('a'), suspects.has('b'), suspects.has('c')]).toEqual([true, true, false])
  for (let time = 0; time < 7; time += 1) expect(await suspects.watch(['a'], Promise.resolve(time))).toBe(time)
  expect(suspects.has('a')).toBe(true)
  await suspects.watch(['a'], Promise.resolve())
  expect([suspects.has('a'), suspects.has('b')]).toEqual([false, true])
})

test('a failure in quarantine starts it again', async () => {
  const suspects = createQuarantine()
  const watch = (answer: Promise<unknown>) => suspects.watch(['a'], answer).catch(() => {})
  await watch(failed())
  for (let time = 0; time < 7; time += 1) await watch(Promise.resolve())
  await watch(failed())
  await watch(Promise.resolve())
  expect(suspects.has('a')).toBe(true)
})

test('past a thousand organizations the oldest entry is dropped', async () => {
  const suspects = createQuarantine()
  const many = Array.from({ length: 1001 }, (_, nth) => `org-${nth}`)
  await suspects.watch(many, failed()).catch(() => {})
  expect([suspects.has('org-0'), suspects.has('org-1'), suspects.has('org-1000')]).toEqual([false, true, true])
})
