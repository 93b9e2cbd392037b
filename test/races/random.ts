// Random commands at random moments, on several instances over one store: whatever happens, the invariants hold.
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { isInviteError } from 'invitekit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { organization } from '../support/make.ts'
import { type Call, perform } from './calls.ts'
import { invariants } from './invariants.ts'
import { joinerOf } from './joining.ts'
import { make } from './rounds.ts'
import { email, type Given, type Made, many } from './scenario.ts'
import { invitesOver, type OpenStorage, type Store, storageAt, stores } from './stores.ts'

const limits = { pending: 4, seats: 3 }
/** What the commands are about: pending, expired and open invites, and addresses without one. */
const given: readonly Given[] = [{ email: email(0) }, { email: email(1) }, { email: email(2), expired: true }, { maxUses: 2 }]

const words = [
  'create',
  'return',
  'resend pending',
  'key',
  'bulk',
  'accept',
  'take',
  'preview',
  'decline',
  'open',
  'revoke',
  'resend',
  'erase',
  'update',
  'addMember',
  'removeMember',
  'touch',
  'sweep',
] as const

/** A command about an invite, an address or a user of that number. */
interface Step {
  readonly word: (typeof words)[number]
  readonly number: number
  readonly invite: number
  readonly instance: number
  readonly delay: number
  readonly joined: boolean
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    word: fc.constantFrom(...words),
    number: fc.nat(4),
    invite: fc.nat(given.length - 1),
    instance: fc.nat(2),
    delay: fc.nat(4),
    joined: fc.boolean(),
  }),
  { minLength: 4, maxLength: 30 },
)

function toCall({ word, number, invite }: Step, made: readonly Made[]): Call {
  const { id = '', token = '' } = made[invite] ?? {}
  const [address, user] = [email(number), `user-${number}`]
  switch (word) {
    case 'create':
      return { do: 'create', email: address }
    case 'return':
      return { do: 'create', email: address, ifPending: 'return' }
    case 'resend pending':
      return { do: 'create', email: address, ifPending: 'resend' }
    case 'key':
      return { do: 'create', key: `key-${number}` }
    case 'bulk':
      return { do: 'bulk', emails: many(number + 1, email) }
    case 'accept':
      return { do: 'accept', token, user, email: email(invite) }
    case 'take':
      return { do: 'accept', token: made[3]?.token ?? '', user }
    case 'preview':
    case 'decline':
    case 'open':
      return { do: word, token }
    case 'revoke':
    case 'resend':
    case 'erase':
      return { do: word, id }
    case 'update':
      return { do: 'update', id, role: number % 2 ? 'admin' : 'viewer' }
    case 'addMember':
    case 'removeMember':
      return { do: word, user }
    case 'touch':
    case 'sweep':
      return { do: word }
    default:
      return word satisfies never
  }
}

export function randomTests({ runs }: { readonly runs: number }): void {
  describe.each(['postgres', 'sqlite'] as const)('%s', kind => {
    let store: Store
    let instances: readonly OpenStorage[]
    beforeAll(async () => {
      store = await stores[kind]()
      instances = [1, 2, 3].map(() => storageAt(store.place))
    })
    afterAll(async () => {
      for (const { end } of instances) await end()
      await store.drop()
    })

    test(`random commands in parallel on 3 instances never break an invariant, ${runs} times`, {
      timeout: 10_000 + runs * 2_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(steps, async list => {
          const organizationId = organization()
          const unknown = await playSteps(list, { store, instances, organizationId })
          expect([...unknown, ...(await invariants(store, [organizationId]))]).toEqual([])
        }),
        { numRuns: runs, endOnFailure: true },
      )
    })
  })
}

interface Stage {
  readonly store: Store
  readonly instances: readonly OpenStorage[]
  readonly organizationId: string
}

/** Answers what ended in no way that the library speaks of. */
async function playSteps(list: readonly Step[], { store, instances, organizationId }: Stage): Promise<readonly string[]> {
  const [first] = instances
  await store.rows(`insert into race_limits values ('${organizationId}', ${limits.pending}, ${limits.seats})`)
  const made = first ? await Promise.all(given.map(one => make(first, organizationId, one))) : []
  const players = instances.map(({ storage, pool }) => ({
    invites: invitesOver(storage, { limits }),
    join: joinerOf(store.place, pool),
  }))
  const ends = await Promise.all(
    list.map(async step => {
      await sleep(step.delay)
      const player = players[step.instance]
      if (!player) return []
      const call = toCall(step, made)
      const run = (tx?: never) => perform(player.invites, organizationId, call, tx)
      try {
        return step.joined && call.do !== 'sweep' ? await player.join('read committed', run) : await run()
      } catch (error) {
        return [isInviteError(error) ? error.code : `${call.do}: ${String(error)}`]
      }
    }),
  )
  return ends.flat().filter(end => !/^[a-z_]+$/.test(end) || end === 'unavailable')
}
