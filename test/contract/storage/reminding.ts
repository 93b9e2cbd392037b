// What is to be reminded of: due, in order, page after page, from all organizations.
import { describe, expect, test } from 'vitest'
import { at, changed, changes, ended, open, organization, personal } from '../../support/make.ts'
import { type Make, roomIn } from './subject.ts'

export function reminding<Tx>(make: Make<Tx>): void {
  describe('reminders', () => {
    test('due ones are listed by time and id over all organizations, and a walk meets each once', async () => {
      const { storage, close } = await make()
      const orgs = [organization(), organization()] as const
      const times = [500, 100, 300, 100, 100, 200]
      const due = times.map((ms, index) => personal(orgs[index % 2] ?? '', { remindAt: at(ms) }))
      const others = [
        personal(orgs[0], { remindAt: at(501) }),
        personal(orgs[0], { remindAt: null }),
        open(orgs[1]),
        personal(orgs[1], { standing: { status: 'expired' }, remindAt: at(1) }),
        personal(orgs[1], { standing: { status: 'accepted', acceptedAt: at(0), acceptedBy: null }, remindAt: at(1) }),
      ]
      for (const org of orgs) {
        const live = [...due, ...others].filter(invite => invite.organizationId === org)
        await storage.commit(changes(org, 0, { made: live }))
      }
      const order = [...due].sort((a, b) => Number(a.remindAt) - Number(b.remindAt) || (a.id < b.id ? -1 : 1))
      expect(await storage.lists.remindable(at(500), 100, null)).toStrictEqual(order)
      expect(await storage.lists.remindable(at(499), 100, null)).toStrictEqual(order.slice(0, 5))
      expect(await storage.lists.remindable(at(99), 100, null)).toEqual([])
      const walked = []
      for (let last = null as { remindAt: Date; id: (typeof order)[number]['id'] } | null; walked.length < 10; ) {
        const page = await storage.lists.remindable(at(500), 2, last)
        const [end] = page.slice(-1)
        if (!end?.remindAt) break
        walked.push(...page)
        last = { remindAt: end.remindAt, id: end.id }
      }
      expect(walked).toStrictEqual(order)
      await close()
    })

    test('one that was reminded of comes again when the next is due; one that ended never', async () => {
      const { storage, close } = await make()
      const room = roomIn({ storage, close })
      const [first, second] = [personal(room.org, { remindAt: at(1) }), personal(room.org, { remindAt: at(1) })]
      await room.write({ made: [first, second] })
      const next = changed(first, { remindAt: at(10) })
      await room.write({
        changed: [next],
        ended: [ended(second, { status: 'expired' }, { remindAt: null })],
      })
      expect(await storage.lists.remindable(at(9), 10, null)).toEqual([])
      expect(await storage.lists.remindable(at(10), 10, null)).toStrictEqual([next])
      await close()
    })
  })
}
