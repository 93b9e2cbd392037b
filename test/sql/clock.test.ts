// The estimate of the database's clock between two answers.
import { expect, test } from 'vitest'
import { createClock } from '../../adapters/storage/postgres/speculation/clock.ts'

/** A clock whose elapsed time the test moves. */
function started() {
  const time = { elapsed: 0 }
  return { time, clock: createClock(() => time.elapsed) }
}

const ms = (clock: ReturnType<typeof createClock>) => clock.now()?.getTime()

test('it goes on from the last answer', () => {
  const { time, clock } = started()
  expect(clock.now()).toBeNull()
  clock.observe(new Date(1_000))
  time.elapsed = 250.9
  expect(ms(clock)).toBe(1_250)
})

test('of several answers the fastest counts, since it is the least behind', () => {
  const { time, clock } = started()
  clock.observe(new Date(1_000))
  time.elapsed = 100
  clock.observe(new Date(1_040))
  expect(ms(clock)).toBe(1_100)
  clock.observe(new Date(1_103))
  expect(ms(clock)).toBe(1_103)
})

test('after ten seconds it is null, and the next answer sets it, back in time too', () => {
  const { time, clock } = started()
  clock.observe(new Date(1_000_000))
  time.elapsed = 10_000
  expect(clock.now()).toBeNull()
  clock.observe(new Date(5_000))
  expect(ms(clock)).toBe(5_000)
})
