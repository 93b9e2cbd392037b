// Templates: an organization's own and everybody's, at most one default, and none removed while an invite needs it.
import { uuidv7 } from 'uuidv7'
import { describe, expect, test } from 'vitest'
import type { TemplateRecord } from '../../../src/ports/storage/templates.ts'
import { at, day, ended, noon, organization, personal } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const template = (organizationId: string, fields: Partial<TemplateRecord> = {}): TemplateRecord => ({
  id: uuidv7(),
  organizationId,
  name: 'Warm "welcome" 🦊',
  isDefault: false,
  content: {
    email: { subject: 'Grüße, {{ recipient.name }}', replyTo: ['a@b.example'] },
    locales: { de: { sms: { body: "'" } } },
  },
  createdAt: noon,
  updatedAt: noon,
  createdBy: 'ada',
  ...fields,
})

export function templates<Tx>(subject: () => Subject<Tx>): void {
  describe('templates', () => {
    const defaultsOf = async (...organizations: string[]) => subject().storage.templates.find({ ids: [], organizations })

    test('what was inserted comes back as it was, by id and page by page', async () => {
      const { storage } = subject()
      const org = organization()
      const mine = [0, 1, 2].map(() => template(org, { createdBy: null }))
      for (const each of [...mine, template(organization())]) await storage.templates.insert(each)
      const first = await storage.templates.list({ organizationId: org, limit: 2, after: null })
      const rest = await storage.templates.list({ organizationId: org, limit: 200, after: first[1]!.id })
      expect([...first, ...rest].filter(each => each.organizationId === org)).toEqual(mine)
      expect(await storage.templates.find({ ids: [mine[1]!.id, uuidv7()], organizations: [org] })).toEqual([mine[1]])
    })

    test('everybody’s are in every list', async () => {
      const { storage } = subject()
      const global = template('', { createdBy: null })
      await storage.templates.insert(global)
      const ids = (await storage.templates.list({ organizationId: organization(), limit: 200, after: null })).map(
        ({ id }) => id,
      )
      expect(ids).toContain(global.id)
    })

    test('a new default takes its place from the one before, at its own organization only', async () => {
      const { storage } = subject()
      const [org, other] = [organization(), organization()]
      const [first, second, theirs] = [org, org, other].map(each => template(each, { isDefault: true }))
      for (const each of [first!, theirs!]) await storage.templates.insert(each)
      await storage.templates.insert({ ...second!, updatedAt: at(1) })
      expect(await defaultsOf(org)).toEqual([{ ...second, updatedAt: at(1) }])
      expect((await storage.templates.find({ ids: [first!.id], organizations: [] }))[0]).toMatchObject({
        isDefault: false,
        updatedAt: at(1),
      })
      const { createdAt, createdBy, ...again } = first!
      const updated = await storage.templates.update({ ...again, updatedAt: at(2), content: {} })
      expect(updated).toEqual({ ...first, isDefault: true, updatedAt: at(2), content: {} })
      expect(await defaultsOf(org, other)).toHaveLength(2)
      expect(await storage.templates.update({ ...again, isDefault: false, updatedAt: at(3) })).toMatchObject({
        isDefault: false,
      })
      expect(await defaultsOf(org)).toEqual([])
    })

    test('of 16 defaults made at once, one is left', async () => {
      const { storage } = subject()
      const org = organization()
      const all = [...Array(16)].map(() => template(org, { isDefault: true }))
      const old = template(org)
      await storage.templates.insert(old)
      await Promise.all([
        ...all.map(each => storage.templates.insert(each)),
        storage.templates.update({ ...old, isDefault: true }),
      ])
      expect(await defaultsOf(org)).toHaveLength(1)
      expect(await storage.templates.list({ organizationId: org, limit: 200, after: null })).toEqual(
        expect.arrayContaining([...all, old].map(({ id }) => expect.objectContaining({ id }))),
      )
    })

    test('an update or removal at another organization finds nothing and changes nothing', async () => {
      const { storage } = subject()
      const [org, other] = [organization(), organization()]
      const kept = template(org, { isDefault: true })
      const mine = template(other, { isDefault: true })
      for (const each of [kept, mine]) await storage.templates.insert(each)
      expect(await storage.templates.update({ ...kept, organizationId: other, name: 'stolen' })).toBeNull()
      expect(await storage.templates.remove({ id: kept.id, organizationId: other, now: noon })).toBe('not_found')
      expect(await defaultsOf(other)).toEqual([mine])
      expect(await defaultsOf(org)).toEqual([kept])
    })

    test('it is in use while a live pending invite names it, and then it goes', async () => {
      const { storage, ...rest } = subject()
      const room = roomIn({ storage, ...rest })
      const used = template(room.org)
      await storage.templates.insert(used)
      const invite = personal(room.org, { templateId: used.id, expiresAt: at(day) })
      await room.write({ made: [invite] })
      const remove = (now: Date) => storage.templates.remove({ id: used.id, organizationId: room.org, now })
      expect(await remove(at(day - 1))).toBe('in_use')
      expect(await storage.templates.find({ ids: [used.id], organizations: [] })).toEqual([used])
      await room.write({ ended: [ended(invite, { status: 'revoked', revokedAt: noon, revokedBy: null, revokeReason: null })] })
      const before = await room.revision()
      expect(await remove(noon)).toBe('removed')
      expect(await room.revision()).toBeGreaterThan(before)
      expect(await remove(noon)).toBe('not_found')
    })

    test('one that only an expired invite names may go', async () => {
      const { storage, ...rest } = subject()
      const room = roomIn({ storage, ...rest })
      const used = template(room.org)
      await storage.templates.insert(used)
      await room.write({ made: [personal(room.org, { templateId: used.id, expiresAt: at(day) })] })
      expect(await storage.templates.remove({ id: used.id, organizationId: room.org, now: at(day) })).toBe('removed')
    })

    test('a question tells which there are: the own and everybody’s', async () => {
      const room = roomIn(subject())
      const [own, theirs, global] = [template(room.org), template(organization()), template('')]
      for (const each of [own, theirs, global]) await room.storage.templates.insert(each!)
      const asked = [own, theirs, global].map(each => each!.id)
      expect([...(await room.ask({ templates: [...asked, uuidv7()] })).templates].sort()).toEqual([own!.id, global!.id].sort())
      expect((await room.ask()).templates).toEqual([])
    })
  })
}

/** Where a host can bring its transaction. */
export function joinedTemplates<Tx>(subject: () => Subject<Tx>): void {
  test('templates join the host’s transaction: rolled back with it, seen within it', async () => {
    const { storage, transaction } = subject()
    const org = organization()
    const [first, second] = [template(org, { isDefault: true }), template(org, { isDefault: true })]
    await storage.templates.insert(first)
    const stop = new Error('stop')
    const work = transaction?.(async tx => {
      await storage.templates.insert(second, tx)
      expect(await storage.templates.find({ ids: [], organizations: [org] }, tx)).toEqual([second])
      expect(await storage.templates.remove({ id: first.id, organizationId: org, now: noon }, tx)).toBe('removed')
      expect(await storage.templates.list({ organizationId: org, limit: 9, after: first.id }, tx)).toMatchObject([
        { id: second.id },
      ])
      throw stop
    })
    await expect(work).rejects.toBe(stop)
    expect(await storage.templates.find({ ids: [second.id], organizations: [org] })).toEqual([first])
  })
}
