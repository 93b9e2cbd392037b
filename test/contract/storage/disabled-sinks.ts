// Sinks that are switched off: who hears that they are, and which messages are told so.
import { describe, expect, test } from 'vitest'
import { at, delivery, event, personal, publication, unique } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

export function disabledSinks<Tx>(subject: () => Subject<Tx>): void {
  describe('endpoints', () => {
    test('one of many that switch a sink off at once is told that it was on; the reason is that one’s', async () => {
      const { disabledSinks: endpoints } = subject().storage
      const name = unique('"sink" é')
      const off = (index: number) => endpoints.disable({ name, disabledAt: at(index), reason: `gone ${index}` })
      const told = await Promise.all(Array.from({ length: 8 }, (_, index) => off(index)))
      const first = told.indexOf(true)
      expect(told.filter(Boolean)).toHaveLength(1)
      expect((await endpoints.list()).filter(sink => sink.name === name)).toStrictEqual([
        { name, disabledAt: at(first), reason: `gone ${first}` },
      ])
      expect(await endpoints.enable(name)).toBe(true)
      expect(await endpoints.enable(name)).toBe(false)
      expect((await endpoints.list()).some(sink => sink.name === name)).toBe(false)
      expect(await off(9)).toBe(true)
      await endpoints.enable(name)
    })

    test('they are listed in the order of their names', async () => {
      const { disabledSinks: endpoints } = subject().storage
      const names = ['b', 'Z', 'a', 'é', 'a1'].map(word => `${word}-${unique('sink')}`)
      for (const name of names) await endpoints.disable({ name, disabledAt: at(0), reason: 'gone' })
      const listed = (await endpoints.list()).map(({ name }) => name).filter(name => names.includes(name))
      expect(listed).toEqual([...names].sort())
      for (const name of names) await endpoints.enable(name)
    })

    test('outbox.check tells an event whose sink is off, and no other message', async () => {
      const room = roomIn(subject())
      const { outbox, disabledSinks: endpoints } = room.storage
      const [owner, target] = [unique('relay'), unique('sink')]
      const invite = personal(room.org)
      const happened = event(invite)
      const [hook, other] = [publication(happened, { target }), publication(happened, { target: unique('sink') })]
      const mail = delivery(invite, { target })
      const messages = [hook, other, mail]
      await room.write({ made: [invite], events: [happened], messages, lease: { owner, ms: 60_000 } })
      const holds = messages.map(({ id }) => ({ id, owner }))
      const disabled = async () => {
        const checked = new Map((await outbox.check(holds)).map(each => [each.message.id, each.disabled]))
        return messages.map(({ id }) => checked.get(id))
      }
      expect(await disabled()).toEqual([false, false, false])
      await endpoints.disable({ name: target, disabledAt: at(0), reason: 'gone' })
      expect(await disabled()).toEqual([true, false, false])
      await endpoints.enable(target)
      expect(await disabled()).toEqual([false, false, false])
    })
  })
}
