// The races as tests, few repeats or many: one set of processes for each store and file.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'
import { type Ground, play } from './rounds.ts'
import { accepting } from './scenarios/accepting.ts'
import { creating } from './scenarios/creating.ts'
import { crossing } from './scenarios/crossing.ts'
import { following } from './scenarios/following.ts'
import { storageAt, stores } from './stores.ts'

const scenarios = [...creating, ...accepting, ...crossing, ...following]

export function raceTests({ repeats }: { readonly repeats: number }): void {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster(3)
  }, 60_000)
  afterAll(() => cluster.end())

  describe.each(['postgres', 'sqlite'] as const)(`races of 3 processes on %s, ${repeats} times`, kind => {
    let ground: Ground
    beforeAll(async () => {
      const store = await stores[kind]()
      ground = { store, open: storageAt(store.place), cluster }
    })
    afterAll(async () => {
      await ground.open.end()
      await ground.store.drop()
    })

    for (const scenario of scenarios) {
      test(scenario.name, { timeout: 5_000 * repeats + 10_000 }, async () => {
        expect(await play(ground, scenario, { repeats })).toEqual([])
      })
    }

    test('without the revision check the same races break the limits of pending invites, seats and uses', {
      timeout: 120_000,
    }, async () => {
      const tries = Math.max(repeats, 10)
      for (const [scenario, law] of lost) {
        const store = await stores[kind]()
        const own = { store, open: storageAt(store.place), cluster }
        const wrong = await play(own, scenario, { repeats: tries, unguarded: true })
        await own.open.end()
        expect(wrong.filter(each => each.includes(law))).not.toEqual([])
      }
    })
  })
}

const named = (part: string) => scenarios.filter(({ name }) => name.includes(part))

/** The races that need the check, and the law that they break without it. */
const lost = [
  ...named('of 64 invites made at once').map(scenario => [scenario, 'more pending invites than the limit'] as const),
  ...named('on 5 seats, 5 become members').map(scenario => [scenario, 'more members than seats'] as const),
  ...named('an open invite of 7 uses that 50 take').map(scenario => [scenario, 'uses'] as const),
]
