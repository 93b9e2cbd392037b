// The routes of stored templates: statuses, shapes, pages, and refusals that say where.
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { createInputSchemas } from '../../../adapters/http/profiles/native/schemas/inputs.ts'
import { createTemplateSchemas } from '../../../adapters/http/profiles/native/schemas/templates.ts'
import { given, publicUrl, type Serve } from './given.ts'

const shapes = createTemplateSchemas(createInputSchemas(['owner', 'admin', 'member', 'viewer']))
const hasShape = (shape: z.ZodType, body: unknown) => expect(shape.parse(body)).toEqual(body)
const content = { email: { subject: 'Join {{ organization.name | default: "us" }}' } }

export function testTemplates(serve: Serve): void {
  test('POST, GET, PUT and DELETE /templates keep one template', async () => {
    const { call, pending, mailbox } = await given(serve)
    const made = await call('POST', '/templates', { body: { name: 'Warm', default: true, content } })
    expect([made.status, made.body.template.content, made.body.template.default]).toEqual([201, content, true])
    const at = `/templates/${made.body.template.id}`
    expect(made.headers.get('location')).toBe(publicUrl + at)
    hasShape(shapes.one, made.body)
    const got = await call('GET', at)
    expect([got.status, got.body]).toEqual([200, made.body.template])
    hasShape(shapes.template, got.body)
    const put = await call('PUT', at, { body: { name: 'Cold', content: { email: { subject: 'Brr' } } } })
    expect([put.status, put.body.template.name, put.body.template.default]).toEqual([200, 'Cold', false])
    hasShape(shapes.one, put.body)

    const { id } = await pending({ templateId: made.body.template.id })
    expect(mailbox.last().subject).toBe('Brr')
    const used = await call('DELETE', at)
    expect([used.status, used.body.code]).toEqual([409, 'template_in_use'])
    await call('POST', `/${id}/revoke`)
    const gone = await call('DELETE', at)
    expect([gone.status, gone.text]).toEqual([204, ''])
    expect((await call('GET', at)).body.code).toBe('template_not_found')
  })

  test('GET /templates goes page by page, and Link leads to the next', async () => {
    const { call } = await given(serve)
    for (const name of ['a', 'b', 'c']) await call('POST', '/templates', { body: { name, content: {} } })
    const first = await call('GET', '/templates?limit=2')
    expect([first.status, first.body.data.length]).toEqual([200, 2])
    hasShape(shapes.list, first.body)
    const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? []
    expect(next.startsWith(`${publicUrl}/templates?`)).toBe(true)
    const last = await call('GET', next.slice(publicUrl.length))
    expect([last.body.data.map((each: { name: string }) => each.name), last.headers.get('link')]).toEqual([['c'], null])
    expect((await call('GET', '/templates?limit=201')).status).toBe(400)
  })

  test('POST /templates/:id/preview and /templates/preview show what would be sent', async () => {
    const { call, mailbox } = await given(serve)
    const { body } = await call('POST', '/templates', { body: { name: 'Warm', content } })
    const stored = await call('POST', `/templates/${body.template.id}/preview`)
    expect([stored.status, stored.body.email.subject]).toEqual([200, 'Join Acme'])
    hasShape(shapes.preview, stored.body)
    const sample = { recipient: { firstName: 'Ada' }, metadata: { a: 1 } }
    const unsaved = {
      content: { sms: { body: 'Hi {{ recipient.name }} {{ metadata.a }}' } },
      channel: 'sms',
      locale: 'de',
      sample,
    }
    const shown = await call('POST', '/templates/preview', { body: unsaved })
    expect([shown.status, shown.body.email, shown.body.sms.text.split('\n')[0]]).toEqual([200, null, 'Hi Ada 1'])
    expect(mailbox.messages).toEqual([])
  })

  test('what is wrong with a content is told with its place', async () => {
    const { call } = await given(serve)
    const body = { name: 'x', content: { email: { subject: '{{ nope }}' }, locales: { de: { brand: { color: 'red' } } } } }
    const refused = await call('POST', '/templates', { body })
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'template_invalid',
      '/content/locales/de/brand/color',
    ])
    for (const wrong of [
      {},
      { name: 'x' },
      { name: 3, content },
      { name: 'x', content, isDefault: true },
      { name: 'x', content: [] },
    ])
      expect([(await call('POST', '/templates', { body: wrong })).status, wrong]).toEqual([422, wrong])
    expect((await call('GET', '/templates')).body.data).toEqual([])
  })

  test('only who may grant a role sees and writes, and another organization’s does not exist', async () => {
    const { call } = await given(serve)
    const { body } = await call('POST', '/templates', { body: { name: 'Warm', content } })
    const { id } = body.template
    const calls = [
      ['GET', `/templates/${id}`],
      ['PUT', `/templates/${id}`, { name: 'x', content }],
      ['DELETE', `/templates/${id}`],
      ['POST', `/templates/${id}/preview`, {}],
      ['POST', '', { recipient: { email: 'a@example.com' }, role: 'member', templateId: id }],
    ] as const
    for (const [method, path, sent] of calls) {
      const as = async (who: string) => (await call(method, path, { as: who, ...(sent ? { body: sent } : {}) })).body.code
      expect([method, path, await as('stranger'), await as('viewer'), await as('nobody')]).toEqual([
        method,
        path,
        'template_not_found',
        'forbidden',
        'unauthenticated',
      ])
    }
    expect((await call('GET', '/templates', { as: 'stranger' })).body.data).toEqual([])
    const template = { recipient: { email: 'a@example.com' }, role: 'member', template: content }
    expect((await call('POST', '', { body: template })).body.errors).toMatchObject([{ pointer: '/template' }])
  })
}
