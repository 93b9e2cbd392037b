// Plays a scenario in a fresh organization, and tells what is wrong afterwards in the answers and in the tables.
import { organization } from '../support/make.ts'
import type { Call, Ends } from './calls.ts'
import type { Cluster, Race } from './cluster.ts'
import { countAll } from './counts.ts'
import { invariants } from './invariants.ts'
import { type Ending, type Given, type Made, many, type Scenario, same, type Tally } from './scenario.ts'
import { followUps, invitesOver, type OpenStorage, type Store } from './stores.ts'

export interface Ground {
  readonly store: Store
  /** The test's own, to make what is there before. */
  readonly open: OpenStorage
  readonly cluster: Cluster
}

export interface RoundOptions {
  readonly repeats: number
  readonly unguarded?: boolean
}

/** At each repeat all processes race for one organization. Stops at the first that went wrong; empty when all is well in every organization. */
export async function play(
  ground: Ground,
  scenario: Scenario,
  { repeats, unguarded = false }: RoundOptions,
): Promise<readonly string[]> {
  const [rounds, size] = scenario.together ? [1, repeats] : [repeats, 1]
  for (let round = 1; round <= rounds; round += 1) {
    const races = await Promise.all(many(size, () => prepared(ground, scenario, unguarded)))
    const ends = await ground.cluster.run(ground.store.place, races)
    const found = await Promise.all(races.map((race, index) => judged(ground.store, scenario, race, ends[index] ?? [])))
    const wrong = [
      ...found.flat(),
      ...(await invariants(
        ground.store,
        races.map(race => race.setting.organizationId),
      )),
    ]
    if (wrong.length > 0) return wrong.map(each => `repeat ${round}: ${each}`)
  }
  return invariants(ground.store)
}

const day = 86_400_000
const ago = (ms: number) => () => new Date(Date.now() - ms)

async function prepared({ store, open }: Ground, scenario: Scenario, unguarded: boolean): Promise<Race> {
  const organizationId = organization()
  const { limits = {}, given = [], hostMembers = false, followUps = false } = scenario
  const [pending, seats] = [limits.pending ?? 'null', limits.seats ?? 'null']
  await store.rows(`insert into race_limits values ('${organizationId}', ${pending}, ${seats})`)
  const made = await Promise.all(given.map(one => make(open, organizationId, one)))
  if (given.some(({ sent }) => sent))
    await store.rows(`update invite_outbox set status = 'sent', due_at = null
      where organization_id = '${organizationId}' and kind = 'delivery'`)
  return { setting: { organizationId, limits, hostMembers, unguarded, followUps }, calls: scenario.calls(made) }
}

/** Makes what is there before a race. */
export async function make(
  { storage }: OpenStorage,
  organizationId: string,
  { email, maxUses, expired, sent, by, expiresIn }: Given,
): Promise<Made> {
  const clock = expired ? { clock: ago(8 * day) } : sent ? { clock: ago(day) } : {}
  const invites = invitesOver(storage, { ...clock, ...(sent || by ? followUps : {}) })
  const terms = { role: 'member', expiresIn }
  const input = email ? { ...terms, recipient: { email } } : { ...terms, kind: 'open' as const, maxUses }
  const { invite, link } = await invites.create(
    input,
    by ? { actor: { userId: by, organizationId, role: 'admin' } } : { actor: 'system', organizationId },
  )
  return { id: invite.id, token: link.split('/').at(-1) ?? '', expiresAt: invite.expiresAt?.getTime() ?? 0 }
}

async function judged(
  store: Store,
  { endings }: Scenario,
  { setting, calls }: Race,
  ends: readonly Ends[],
): Promise<readonly string[]> {
  const ending: Ending = { ends: tally(calls, ends), counts: await countAll(store, setting.organizationId) }
  if (typeof endings === 'function') return endings(ending)
  const differences = endings.map(wanted => same(ending, wanted))
  return differences.some(each => each.length === 0) ? [] : differences.flat()
}

function tally(calls: readonly Call[], ends: readonly Ends[]): Tally {
  const words = calls.flatMap((call, index) =>
    (ends[index] ?? []).map(end => `${call.do === 'bulk' ? 'create' : call.do} ${end}`),
  )
  const tally: Record<string, number> = {}
  for (const word of words) tally[word] = (tally[word] ?? 0) + 1
  return tally
}
