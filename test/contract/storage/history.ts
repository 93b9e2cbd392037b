// An invite's history: every event as it was written, in the order of the commits.
import { describe, expect, test } from 'vitest'
import { inviteEventTypes } from '../../../src/domain/event.ts'
import type { InviteRecord } from '../../../src/domain/invite.ts'
import { at, event, open, personal } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

export function history<Tx>(subject: () => Subject<Tx>): void {
  const historyOf = (organizationId: string, { id }: InviteRecord, after: number | null = null, limit = 100) =>
    subject().storage.lists.history({ organizationId, id, after, limit })

  describe('history', () => {
    test('every field of every type of event comes back as it was', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const data = { text: 'Zoë 🦊 "quoted"', list: [1, null, { deep: true }], empty: {} }
      const rows = inviteEventTypes.map((type, i) =>
        event(invite, type, {
          at: at(i),
          actorId: i % 2 === 0 ? null : 'user "x"',
          previousStatus: i % 2 === 0 ? 'pending' : null,
          data: i % 2 === 0 ? data : {},
        }),
      )
      await room.write({ made: [invite], events: rows })
      const stored = await historyOf(room.org, invite)
      expect(stored.map(({ sequence, ...row }) => row)).toStrictEqual(rows)
    })

    test('the order is that of the commits and of the rows in them, whatever the clocks and ids say', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const rows = [5, 3, 9, 1, 7, 2].map(ms => event(invite, 'invite.updated', { at: at(ms) })).reverse()
      const sorted = [...rows].sort((a, b) => (a.id < b.id ? 1 : -1))
      await room.write({ made: [invite], events: sorted.slice(0, 3) })
      await room.write({ events: sorted.slice(3, 4) })
      await room.write({ events: sorted.slice(4) })
      const stored = await historyOf(room.org, invite)
      expect(stored.map(row => row.id)).toEqual(sorted.map(row => row.id))
      const sequences = stored.map(row => row.sequence)
      expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
    })

    test('it is read in pages by sequence', async () => {
      const room = roomIn(subject())
      const invite = personal(room.org)
      const rows = [...Array(7)].map((_, i) => event(invite, 'invite.updated', { at: at(i) }))
      await room.write({ made: [invite], events: rows })
      const walked: string[] = []
      for (let after: number | null = null, page = 0; page < 10; page++) {
        const lines: Awaited<ReturnType<typeof historyOf>> = await historyOf(room.org, invite, after, 3)
        expect(lines.length).toBeLessThanOrEqual(3)
        if (lines.length === 0) break
        walked.push(...lines.map(row => row.id))
        after = lines.at(-1)?.sequence ?? null
      }
      expect(walked).toEqual(rows.map(row => row.id))
    })

    test('it is that of one invite, and only within its organization', async () => {
      const [ours, theirs] = [roomIn(subject()), roomIn(subject())]
      const [one, two] = [open(ours.org), open(ours.org)]
      const rows = [event(one), event(two)]
      await ours.write({ made: [one, two], events: rows })
      expect((await historyOf(ours.org, one)).map(row => row.id)).toEqual([rows[0]?.id])
      expect(await historyOf(theirs.org, one)).toEqual([])
    })

    test('the id of an event is used once: a second row throws, and nothing is written', async () => {
      const room = roomIn(subject())
      const invite = open(room.org)
      const row = event(invite)
      await room.write({ made: [invite], events: [row] })
      await expect(room.write({ events: [event(invite), row] })).rejects.toThrow()
      expect(await historyOf(room.org, invite)).toHaveLength(1)
      expect(await room.revision()).toBe(1)
    })
  })
}
