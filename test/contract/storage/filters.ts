// Which invites a list shows: each filter alone and together, search with its traps, and the capped total.
import { beforeAll, describe, expect, test } from 'vitest'
import { type InviteRecord, nobody } from '../../../src/domain/invite.ts'
import type { ListQuery } from '../../../src/ports/storage/lists.ts'
import { at, byEmail, byPhone, emailKey, listQuery, open, organization, personal, phoneKey } from '../../support/make.ts'
import { roomIn, type Subject } from './subject.ts'

const names = (fullName: string, firstName: string | null = null, lastName: string | null = null) => ({
  ...nobody,
  fullName,
  firstName,
  lastName,
})

export function filters<Tx>(subject: () => Subject<Tx>): void {
  describe('lists: filters', () => {
    const org = organization()
    const [mail, phone] = [emailKey(), phoneKey()]
    const rows: Record<string, InviteRecord> = {
      live: personal(org, { recipient: byEmail(mail), role: 'admin', inviterId: 'ines', createdAt: at(0), expiresAt: at(100) }),
      gone: personal(org, { recipient: byPhone(phone), externalId: 'ex 1', createdAt: at(1), expiresAt: at(0) }),
      swept: personal(org, {
        recipient: byEmail(mail),
        createdAt: at(2),
        expiresAt: at(-5),
        standing: { status: 'expired' },
      }),
      taken: personal(org, {
        inviterId: 'ines',
        createdAt: at(3),
        standing: { status: 'accepted', acceptedAt: at(0), acceptedBy: 'u' },
      }),
      refused: personal(org, { createdAt: at(4), standing: { status: 'declined', declinedAt: at(0), declineReason: null } }),
      pulled: personal(org, {
        createdAt: at(5),
        standing: { status: 'revoked', revokedAt: at(0), revokedBy: null, revokeReason: null },
      }),
      link: open(org, { createdAt: at(6), expiresAt: null }),
    }
    beforeAll(async () => {
      await roomIn(subject(), org).write({ made: Object.values(rows) })
      const elsewhere = roomIn(subject())
      await elsewhere.write({ made: [personal(elsewhere.org, { recipient: byEmail(mail), role: 'admin', inviterId: 'ines' })] })
    })

    const shown = async (fields: Partial<ListQuery>) => {
      const { lists } = subject().storage
      const query = listQuery(org, fields)
      const page = await lists.invites(query)
      expect(await lists.total(query, 1000)).toBe(page.length)
      return page.map(row => Object.keys(rows).find(name => rows[name]?.id === row.id))
    }
    const all = ['live', 'gone', 'swept', 'taken', 'refused', 'pulled', 'link']
    const none = { from: null, to: null }

    test.each<[string, Partial<ListQuery>, string[]]>([
      ['nothing asked: all of the organization', {}, all],
      ['pending, by the clock', { status: ['pending'] }, ['live', 'link']],
      ['expired, swept or not', { status: ['expired'] }, ['gone', 'swept']],
      ['pending, judged earlier', { status: ['pending'], now: at(-1) }, ['live', 'gone', 'link']],
      ['never is never over', { status: ['pending'], now: new Date('2999-01-01') }, ['link']],
      ['accepted', { status: ['accepted'] }, ['taken']],
      ['declined', { status: ['declined'] }, ['refused']],
      ['revoked', { status: ['revoked'] }, ['pulled']],
      ['several statuses', { status: ['revoked', 'pending', 'expired'] }, ['live', 'gone', 'swept', 'pulled', 'link']],
      ['no status at all', { status: [] }, []],
      ['role', { role: 'admin' }, ['live']],
      ['e-mail, in any state', { email: mail }, ['live', 'swept']],
      ['phone', { phone }, ['gone']],
      ['inviter', { inviterId: 'ines' }, ['live', 'taken']],
      ['external id', { externalId: 'ex 1' }, ['gone']],
      ['created from, inclusive', { created: { from: at(5), to: null } }, ['pulled', 'link']],
      ['created to, exclusive', { created: { from: null, to: at(2) } }, ['live', 'gone']],
      ['created between', { created: { from: at(1), to: at(3) } }, ['gone', 'swept']],
      ['expires to, exclusive: never does not', { expires: { from: null, to: at(100) } }, ['gone', 'swept']],
      ['expires from, inclusive', { expires: { from: at(0), to: at(101) } }, ['live', 'gone']],
      ['together', { email: mail, status: ['pending'], role: 'admin', inviterId: 'ines', created: none }, ['live']],
      ['together, with no row left', { email: mail, phone }, []],
    ])('%s', async (_, fields, expected) => {
      expect(await shown(fields)).toEqual(expected)
    })

    test('never expiring counts as the latest time in a range too', async () => {
      expect(await shown({ expires: { from: new Date('2999-01-01'), to: null } })).toEqual(['link'])
    })

    test('the total is counted up to the cap, whatever the page', async () => {
      const { lists } = subject().storage
      const query = listQuery(org, { limit: 2, after: { value: at(2), id: rows['swept']!.id } })
      expect(await Promise.all([0, 1, 6, 7, 8].map(cap => lists.total(query, cap)))).toEqual([0, 1, 6, 7, 7])
    })

    test('rows come whole, with the stored status', async () => {
      const { lists } = subject().storage
      expect(await lists.invites(listQuery(org, { status: ['expired'] }))).toStrictEqual([rows['gone'], rows['swept']])
    })
  })

  describe('lists: search', () => {
    const org = organization()
    const rows = [
      personal(org, { recipient: { ...nobody, email: 'Ada.Love@Example.com', emailKey: emailKey('ada.love@example.com') } }),
      personal(org, { recipient: { ...nobody, phone: '(201) 555-0123', phoneKey: phoneKey() } }),
      personal(org, { recipient: names('Émile Ångström') }),
      personal(org, { recipient: names('Ольга Иванова') }),
      personal(org, { recipient: names('100% sure_thing') }),
      personal(org, { recipient: names('back\\slash [a-z] * ?') }),
      personal(org, { recipient: names('quo\'te "x"', 'Grace', 'Hopper') }),
      open(org, { externalId: 'grace', role: 'hopper' }),
    ]
    beforeAll(() => roomIn(subject(), org).write({ made: rows }))

    test.each<[string, number[]]>([
      ['ada', [0]],
      ['LOVE@EXAMPLE', [0]],
      ['555-0', [1]],
      ['émile', [2]],
      ['ÉMILE ÅNG', [2]],
      ['ОЛЬГА', [3]],
      ['0% s', [4]],
      ['%', [4]],
      ['sure_th', [4]],
      ['_', [4]],
      ['s_re', []],
      ['a%a', []],
      ['\\', [5]],
      ['k\\s', [5]],
      ['[a-z]', [5]],
      ['*', [5]],
      ["O'T", [6]],
      ['grace', [6]],
      ['hOPPER', [6]],
      ['nobody at all', []],
    ])('a search for %s finds it literally, in any case', async (q, expected) => {
      const { lists } = subject().storage
      const found = await lists.invites(listQuery(org, { q }))
      expect(found.map(row => rows.findIndex(({ id }) => id === row.id)).sort()).toEqual(expected)
      expect(await lists.total(listQuery(org, { q }), 100)).toBe(expected.length)
    })
  })
}
