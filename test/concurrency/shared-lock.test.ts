import { expect, test } from 'vitest'
import { createSharedLock } from '../../src/concurrency/shared-lock.ts'

const turn = () => new Promise(resolve => setImmediate(resolve))

test('many hold it together; whoever wants it alone waits for all of them', async () => {
  const lock = createSharedLock()
  const [one, two] = [await lock(false), await lock(false)]
  let isAlone = false
  const alone = lock(true).then(release => {
    isAlone = true
    return release
  })
  one()
  await turn()
  expect(isAlone).toBe(false)
  two()
  await alone
  expect(isAlone).toBe(true)
})

test('first come, first served: nobody overtakes whoever waits to have it alone', async () => {
  const lock = createSharedLock()
  const order: string[] = []
  const hold = async (name: string, alone: boolean) => {
    const release = await lock(alone)
    order.push(`${name} begins`)
    await turn()
    order.push(`${name} ends`)
    release()
  }
  await Promise.all([hold('a', false), hold('b', true), hold('c', false), hold('d', false), hold('e', true)])
  expect(order).toEqual([
    ...['a begins', 'a ends', 'b begins', 'b ends'],
    ...['c begins', 'd begins', 'c ends', 'd ends', 'e begins', 'e ends'],
  ])
})
