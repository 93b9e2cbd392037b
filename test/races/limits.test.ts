// Limits under parallel calls from several processes, counted in the tables.
import { expect, test } from 'vitest'
import { race } from '../support/processes.ts'
import type { Call, RacerArgs } from './racer.ts'
import { openInvites, stores } from './stores.ts'

const racer = new URL('./racer.ts', import.meta.url)

const tally = (ends: readonly (readonly string[])[]) =>
  ends.flat().reduce<Record<string, number>>((sum, end) => ({ ...sum, [end]: (sum[end] ?? 0) + 1 }), {})

for (const kind of ['postgres', 'sqlite'] as const) {
  test(`${kind}: of 64 invites made at once by 3 processes on a limit of 10, 10 are made`, async () => {
    const { place, count, drop } = await stores[kind]()
    try {
      const { invites, close } = openInvites(place)
      await invites.migrate()
      await close()
      const calls: Call[] = Array.from({ length: 64 }, (_, index) => ({ do: 'create', email: `p${index}@example.com` }))
      const args = [0, 1, 2].map(
        (own): RacerArgs => ({
          place,
          organizationId: 'acme',
          limits: { pending: 10 },
          calls: calls.filter((_, index) => index % 3 === own),
        }),
      )
      const ends = await race<string[]>(racer, args)
      expect(tally(ends)).toEqual({ ok: 10, pending_limit_reached: 54 })
      expect(await count(`select count(*) from invite_invites where status = 'pending'`)).toBe(10)
      expect(await count(`select count(*) from invite_events where type = 'invite.created'`)).toBe(10)
      expect(await count('select revision from invite_scopes')).toBeLessThanOrEqual(10)
    } finally {
      await drop()
    }
  })
}
