// The calls on stored templates, on every storage: who may make them, what is refused, and the texts that invites then have.
import { expect, test } from 'vitest'
import { codeOf, on, onEveryStorage, rejection } from '../library/given.ts'
import { unique } from '../support/make.ts'

const subject = (text: string) => ({ email: { subject: text } })
const everybody = { actor: 'system' } as const
const nobody = '00000000-0000-7000-8000-000000000000'

onEveryStorage(given => {
  test('what is created is got, listed and replaced; what is left out of an update is gone', async () => {
    const { invites, admin, org, clock } = await given()
    const content = { ...subject('Hi {{ recipient.name }}'), locales: { de: { email: { replyTo: ['a@b.example'] } } } }
    const { template } = await invites.templates.create({ name: 'Warm', content }, admin)
    const now = clock.now()
    const common = { id: template.id, organizationId: org, createdAt: now, createdBy: 'admin' }
    expect(template).toEqual({ ...common, name: 'Warm', default: false, content, updatedAt: now })
    expect(await invites.templates.get({ id: template.id }, admin)).toEqual(template)
    clock.advance('1h')
    const updated = { ...common, name: 'Cold', default: true, content: {}, updatedAt: clock.now() }
    const change = { id: template.id, name: 'Cold', default: true, content: {} }
    expect(await invites.templates.update(change, admin)).toEqual({ template: updated })
    expect((await invites.templates.list({}, admin)).data.filter(each => each.organizationId === org)).toEqual([updated])
    await invites.templates.remove({ id: template.id }, admin)
    expect(await codeOf(invites.templates.get({ id: template.id }, admin))).toBe('template_not_found')
  })

  test('lists go page by page, and a cursor is of this list alone', async () => {
    const { invites, admin, staff } = await given()
    for (const name of ['a', 'b', 'c']) await invites.templates.create({ name, content: {} }, admin)
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await invites.templates.list({ limit: 2, cursor }, admin)
      names.push(...page.data.filter(each => each.organizationId !== null).map(({ name }) => name))
      cursor = page.nextCursor ?? undefined
      if (cursor) expect(await codeOf(invites.templates.list({ cursor }, staff('admin', unique('org'))))).toBe('invalid_cursor')
    } while (cursor)
    expect(names).toEqual(['a', 'b', 'c'])
  })

  test('whoever may grant a role writes; another organization’s does not exist', async () => {
    const { invites, admin, viewer, staff } = await given()
    const { template } = await invites.templates.create({ name: 'Ours', content: {} }, admin)
    const { id } = template
    const stranger = staff('admin', unique('org'))
    const change = { id, name: 'Theirs', content: {} }
    const calls = [
      (who: typeof admin) => invites.templates.get({ id }, who),
      (who: typeof admin) => invites.templates.update(change, who),
      (who: typeof admin) => invites.templates.remove({ id }, who),
      (who: typeof admin) => invites.templates.preview({ id }, who),
      (who: typeof admin) =>
        invites.create({ recipient: { email: `${unique('x')}@example.com` }, role: 'member', templateId: id }, who),
    ]
    for (const call of calls) {
      expect(await codeOf(call(stranger))).toBe('template_not_found')
      expect(await codeOf(call(viewer))).toBe('forbidden')
    }
    expect(await codeOf(invites.templates.create({ name: 'x', content: {} }, viewer))).toBe('forbidden')
    expect(await codeOf(invites.templates.list({}, viewer))).toBe('forbidden')
    expect((await invites.templates.list({}, stranger)).data.map(each => each.id)).not.toContain(id)
    expect(await invites.templates.get({ id }, admin)).toEqual(template)
  })

  test('everybody’s are the system’s to write, and for all to see and use', async () => {
    const { invites, admin, system, mailTo, email } = await given()
    const { template } = await invites.templates.create({ name: 'All', content: subject('For all') }, everybody)
    const { id } = template
    expect(template).toMatchObject({ organizationId: null, createdBy: null })
    expect(await invites.templates.get({ id }, admin)).toEqual(template)
    for (const who of [admin, system]) {
      expect(await codeOf(invites.templates.update({ id, name: 'Mine', content: {} }, who))).toBe('forbidden')
      expect(await codeOf(invites.templates.remove({ id }, who))).toBe('forbidden')
    }
    await invites.create({ recipient: { email: email('ada') }, role: 'member', templateId: id }, admin)
    expect(mailTo('ada')[0]?.subject).toBe('For all')
    expect(await codeOf(invites.templates.remove({ id }, everybody))).toBe('template_in_use')
    for (const invite of (await invites.list({}, admin)).data) await invites.revoke({ id: invite.id }, admin)
    await invites.templates.remove({ id }, everybody)
  })

  test('each mail is in the words of the invite, its template, or the default', async () => {
    const { invites, admin, mailTo, email } = await given()
    const create = (content: object, isDefault = false) =>
      invites.templates.create({ name: 'x', content, default: isDefault } as never, admin)
    await create({ ...subject('default'), sms: { body: 'short' }, locales: { de: subject('Standard') } }, true)
    const { template } = await create({ email: { body: 'Body of {{ metadata.team }}', subject: 'named' } })
    const mail = async (name: string, terms: object) => {
      const recipient = { email: email(name), locale: name === 'grete' ? 'de-AT' : 'en' }
      await invites.create({ recipient, role: 'member', ...terms } as never, admin)
      return mailTo(name)[0]
    }
    expect((await mail('one', {}))?.subject).toBe('default')
    expect((await mail('grete', {}))?.subject).toBe('Standard')
    const metadata = { team: 'Red' }
    const named = await mail('two', { templateId: template.id, metadata })
    expect([named?.subject, named?.text.split('\n')[0]]).toEqual(['named', 'Body of Red'])
    const own = await mail('three', { templateId: template.id, metadata, template: subject('own') })
    expect([own?.subject, own?.text.split('\n')[0]]).toEqual(['own', 'Body of Red'])
  })

  test('a resend is in the words of now, and in the built-in ones when its template is gone', async () => {
    const { invites, admin, invite, mailTo, clock } = await given()
    const { template } = await invites.templates.create({ name: 'x', content: subject('before') }, admin)
    const { id } = (await invite('ada', { templateId: template.id })).invite
    await invites.templates.update({ id: template.id, name: 'x', content: subject('after') }, admin)
    await invites.resend({ id }, admin)
    clock.advance('8d')
    await invites.templates.remove({ id: template.id }, admin)
    await invites.resend({ id }, admin)
    expect(mailTo('ada').map(mail => mail.subject)).toEqual(['before', 'after', 'admin invites you to join their team'])
  })

  test('a template that a pending invite names stays; once it is answered it may go', async () => {
    const { invites, admin, invite } = await given()
    const { template } = await invites.templates.create({ name: 'x', content: {} }, admin)
    const { id } = (await invite('ada', { templateId: template.id })).invite
    expect(await codeOf(invites.templates.remove({ id: template.id }, admin))).toBe('template_in_use')
    expect(await invites.templates.get({ id: template.id }, admin)).toEqual(template)
    await invites.revoke({ id }, admin)
    await invites.templates.remove({ id: template.id }, admin)
    expect(await codeOf(invites.templates.remove({ id: template.id }, admin))).toBe('template_not_found')
  })

  test('of invites that name a template while it is removed, none names one that is gone', async () => {
    const { invites, admin, all, email } = await given()
    for (let round = 0; round < 5; round += 1) {
      const { template } = await invites.templates.create({ name: 'x', content: {} }, admin)
      const one = (index: number) =>
        codeOf(
          invites.create({ recipient: { email: email(`r${round}-${index}`) }, role: 'member', templateId: template.id }, admin),
        )
      const removed = Promise.resolve().then(() => codeOf(invites.templates.remove({ id: template.id }, admin)))
      const codes = await Promise.all([one(0), one(1), removed, one(2), one(3)])
      const named = (await all()).filter(each => each.templateId === template.id)
      const isGone = codes[2] !== 'template_in_use'
      expect(isGone ? named : []).toEqual([])
      expect(named).toHaveLength(codes.filter((code, index) => index !== 2 && code !== 'template_not_found').length)
    }
  })

  test('an unknown template is refused, alone or in a bulk, and nothing is written', async () => {
    const { invites, admin, email, all } = await given()
    for (const templateId of [nobody, 'welcome', '']) {
      const code = await codeOf(invites.create({ recipient: { email: email('ada') }, role: 'member', templateId }, admin))
      expect(code).toBe(templateId === '' ? 'invalid_input' : 'template_not_found')
    }
    const bulk = {
      invites: [
        { recipient: { email: email('one') }, templateId: nobody },
        { recipient: { email: email('two') }, template: { email: { subject: '{{ nope }}' } } },
        { recipient: { email: email('three') } },
      ],
      defaults: { role: 'member' },
    } as const
    const { results } = await invites.createMany(bulk, admin)
    expect(results.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
      ['rejected', 'template_not_found'],
      ['rejected', 'template_invalid'],
      ['created', undefined],
    ])
    expect(results[1]?.error).toMatchObject({ errors: [{ path: 'invites.1.template.email.subject' }] })
    expect(await all()).toHaveLength(1)
  })

  test('of what is refused nothing is kept', async () => {
    const { invites, admin, org } = await given()
    expect(await rejection(invites.templates.create({ name: 'x', content: subject('{{ nope }}') }, admin))).toMatchObject({
      code: 'template_invalid',
      errors: [{ path: 'content.email.subject', detail: expect.stringMatching(/^there is no nope here/) }],
    })
    const { data } = await invites.templates.list({}, admin)
    expect(data.filter(each => each.organizationId === org)).toEqual([])
  })
})

on(['sqlite', 'postgres'], (given, store) => {
  test('templates join a transaction: what is rolled back was never there', async () => {
    const { transaction } = store()
    if (transaction === null) throw new Error('this storage has no transaction to join')
    const { invites, admin, invite } = await given()
    const kept = await transaction(async tx => {
      const { template } = await invites.templates.create({ name: 'x', content: {}, default: true }, { ...admin, tx })
      expect(await codeOf(invites.templates.get({ id: template.id }, { ...admin, tx }))).toBe('ok')
      return template.id
    })
    const stop = new Error('stop')
    const undone = transaction(async tx => {
      await invites.templates.update({ id: kept, name: 'changed', content: {} }, { ...admin, tx })
      await invites.templates.remove({ id: kept }, { ...admin, tx })
      throw stop
    })
    await expect(undone).rejects.toBe(stop)
    expect(await invites.templates.get({ id: kept }, admin)).toMatchObject({ name: 'x', default: true })
    await invite('ada', { templateId: kept })
  })
})
