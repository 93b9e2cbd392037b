// Every route, as somebody with every right takes it.
import { expect, test } from 'vitest'
import { createInputSchemas } from '../../../adapters/http/profiles/native/schemas/inputs.ts'
import { createResultSchemas } from '../../../adapters/http/profiles/native/schemas/results.ts'
import { given, publicUrl, type Serve } from './given.ts'

const shapes = createResultSchemas(createInputSchemas(['owner', 'admin', 'member', 'viewer']))

/** The answer has every field of its documented shape, and no other. */
const hasShape = (shape: keyof typeof shapes, body: unknown) => expect(shapes[shape].parse(body)).toEqual(body)

export function testRoutes(serve: Serve): void {
  test('POST / makes an invite: 201 and where it is', async () => {
    const { call, mailbox } = await given(serve)
    const { status, headers, body } = await call('POST', '', {
      body: { recipient: { email: 'ada@example.com', fullName: 'Ada L' }, role: 'member', metadata: { team: 1 }, code: true },
    })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`${publicUrl}/${body.invite.id}`)
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(body).toMatchObject({
      outcome: 'created',
      link: mailbox.last().link,
      invite: { status: 'pending', metadata: { team: 1 } },
    })
    expect(body.code).toEqual(expect.any(String))
    hasShape('created', body)
  })

  test('POST / makes an open invite', async () => {
    const { call } = await given(serve)
    const { status, body } = await call('POST', '/', { body: { kind: 'open', role: 'viewer', maxUses: 2 } })
    expect([status, body.invite.kind, body.invite.recipient, body.invite.maxUses]).toEqual([201, 'open', null, 2])
    hasShape('created', body)
  })

  test('POST / answers 200 when a pending invite is returned or sent again', async () => {
    const { call, pending, mailbox } = await given(serve)
    const { id } = await pending()
    const body = { recipient: { email: 'Ada@example.com' }, role: 'viewer' }
    const existing = await call('POST', '', { body: { ...body, ifPending: 'return' } })
    expect([existing.status, existing.body.outcome, existing.body.invite.id]).toEqual([200, 'existing', id])
    const resent = await call('POST', '', { body: { ...body, ifPending: 'resend' } })
    expect([resent.status, resent.body.outcome, resent.body.invite.role]).toEqual([200, 'resent', 'viewer'])
    expect(mailbox.messages).toHaveLength(2)
  })

  test('POST /bulk answers for each', async () => {
    const { call, pending } = await given(serve)
    await pending()
    const recipients = ['ada@example.com', 'bob@example.com', 'not an address'].map(email => ({ recipient: { email } }))
    const { status, body } = await call('POST', '/bulk', { body: { invites: recipients, defaults: { role: 'member' } } })
    expect([status, body.created, body.skipped, body.rejected]).toEqual([200, 1, 1, 1])
    expect(body.results[0].error).toMatchObject({ code: 'already_invited' })
    expect(body.results[2].error).toMatchObject({ code: 'invalid_input', errors: [{ pointer: '/invites/2/recipient/email' }] })
    hasShape('bulk', body)
  })

  test('POST /bulk with dryRun writes nothing', async () => {
    const { call, rows } = await given(serve)
    const before = await rows()
    const invites = [{ recipient: { email: 'ada@example.com' }, role: 'member' }]
    const { body } = await call('POST', '/bulk', { body: { invites, dryRun: true } })
    expect([body.created, await rows()]).toEqual([1, before])
  })

  test('GET / walks page by page, and Link leads to the next', async () => {
    const { call } = await given(serve)
    for (const name of ['a', 'b', 'c'])
      await call('POST', '', { body: { recipient: { email: `${name}@example.com` }, role: 'member' } })
    const first = await call('GET', '?limit=2&sort=createdAt&status=pending,expired&include=total,link')
    expect(first.body).toMatchObject({ total: 3, data: [{ link: expect.stringContaining(`${publicUrl}/i/`) }, {}] })
    hasShape('list', first.body)
    const [, next = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? []
    expect(next.startsWith(`${publicUrl}?`)).toBe(true)
    const last = await call('GET', next.slice(publicUrl.length))
    expect([last.status, last.body.data.length, last.body.nextCursor, last.headers.get('link')]).toEqual([200, 1, null, null])
    const seen = [...first.body.data, ...last.body.data].map(invite => invite.recipient.email)
    expect(seen.sort()).toEqual(['a@example.com', 'b@example.com', 'c@example.com'])
  })

  test.each([
    ['role=viewer', 0],
    ['role=member', 1],
    ['email=ADA@example.com', 1],
    ['q=da%40ex', 1],
    ['q=%25', 0],
    ['inviterId=admin-1', 1],
    ['externalId=x1', 1],
    ['externalId=x2', 0],
    ['status=accepted', 0],
    ['createdAfter=2026-01-01T12:00:00Z', 1],
    ['createdBefore=2026-01-01T12:00:00.000Z', 0],
    ['createdAfter=2026-01-01T14:00:01%2B02:00', 0],
    ['expiresAfter=2026-01-08T12:00:00Z&expiresBefore=2026-01-09T00:00:00Z', 1],
    ['expiresBefore=2026-01-08T12:00:00Z', 0],
    ['sort=-updatedAt&limit=200', 1],
  ])('GET /?%s finds %i', async (query, found) => {
    const { call, pending } = await given(serve)
    await pending({ externalId: 'x1' })
    const { status, body } = await call('GET', `?${query}`)
    expect([status, body.data?.length]).toEqual([200, found])
  })

  test('GET /:id and HEAD, with the link where it is asked for', async () => {
    const { call, pending } = await given(serve)
    const { id, link } = await pending()
    const { status, body } = await call('GET', `/${id}`)
    expect([status, body.id, body.link]).toEqual([200, id, undefined])
    hasShape('invite', body)
    expect((await call('GET', `/${id}?include=link`)).body.link).toBe(link)
    await call('POST', `/${id}/revoke`)
    expect((await call('GET', `/${id}?include=link`)).body).not.toHaveProperty('link')
    const head = await call('HEAD', `/${id}`)
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([200, '', 'application/json'])
  })

  test('PATCH /:id changes the terms, as JSON or as a merge patch', async () => {
    const { call, pending } = await given(serve)
    const { id, link } = await pending({ recipient: { email: 'ada@example.com', firstName: 'A', lastName: 'L' } })
    const changed = await call('PATCH', `/${id}?include=link`, {
      body: { role: 'viewer', expiresIn: '1d', recipient: { firstName: null } },
      headers: { 'content-type': 'application/merge-patch+json; charset=UTF-8' },
    })
    expect([changed.status, changed.body.invite.role, changed.body.invite.link]).toEqual([200, 'viewer', link])
    expect(changed.body.invite.recipient).toMatchObject({ firstName: null, lastName: 'L' })
    hasShape('one', changed.body)
  })

  test('POST /:id/resend, /revoke and /erase', async () => {
    const { call, pending, mailbox } = await given(serve)
    const { id, token } = await pending()
    const resent = await call('POST', `/${id}/resend`)
    expect([resent.status, mailbox.messages.length, mailbox.last().token]).toEqual([200, 2, token])
    const rotated = await call('POST', `/${id}/resend`, { body: { rotate: true, expiresIn: '2d' } })
    expect([rotated.status, mailbox.last().token === token]).toEqual([200, false])
    hasShape('one', rotated.body)
    const revoked = await call('POST', `/${id}/revoke`, { body: { reason: 'left' } })
    expect([revoked.status, revoked.body.invite.status, revoked.body.invite.revokeReason]).toEqual([200, 'revoked', 'left'])
    hasShape('one', revoked.body)
    const erased = await call('POST', `/${id}/erase`)
    expect([erased.status, erased.text]).toEqual([204, ''])
    expect((await call('GET', `/${id}`)).body.recipient.email).toBeNull()
  })

  test('GET /:id/history, /summary and /members', async () => {
    const { call, pending } = await given(serve)
    const { id, token } = await pending()
    await call('POST', '/accept', { as: 'ada', body: { token } })
    const history = await call('GET', `/${id}/history`)
    expect(history.status).toBe(200)
    expect(history.body.data.map((entry: { type: string }) => entry.type)).toEqual(
      expect.arrayContaining(['invite.created', 'invite.accepted']),
    )
    hasShape('history', history.body)
    const summary = await call('GET', '/summary')
    expect(summary.body).toMatchObject({ seats: { used: 1, limit: null }, grants: ['member', 'viewer'] })
    hasShape('summary', summary.body)
    const members = await call('GET', '/members?limit=1')
    expect(members.body.data).toMatchObject([{ userId: 'ada@example.com', role: 'member' }])
    hasShape('members', members.body)
  })

  test('GET /mine shows what was sent to my verified address', async () => {
    const { call, pending } = await given(serve)
    const { id } = await pending()
    const mine = await call('GET', '/mine', { as: 'ada' })
    expect(mine.body.data.map((invite: { id: string }) => invite.id)).toEqual([id])
    hasShape('mine', mine.body)
    expect((await call('GET', '/mine', { as: 'bob' })).body.data).toEqual([])
  })

  test('POST /preview, /open, /accept', async () => {
    const { call, pending } = await given(serve)
    const { id, token, code } = await pending({ code: true })
    const preview = await call('POST', '/preview', { as: '', body: { token } })
    expect(preview.body).toMatchObject({ id, recipient: 'a…@example.com', status: 'pending' })
    hasShape('preview', preview.body)
    expect((await call('POST', '/preview', { as: '', body: { code } })).body.id).toBe(id)
    expect((await call('POST', '/open', { as: '', body: { token } })).status).toBe(200)
    expect((await call('GET', `/${id}`)).body.openedAt).toEqual(expect.any(String))
    const accepted = await call('POST', '/accept', { as: 'ada', body: { token, role: 'member' } })
    expect([accepted.status, accepted.body.member.role, accepted.body.repeated]).toEqual([200, 'member', false])
    hasShape('accepted', accepted.body)
    expect((await call('POST', '/accept', { as: 'ada', body: { id } })).body.repeated).toBe(true)
  })

  test('POST /decline by token needs nobody, and POST /renew asks for a new invite', async () => {
    const { call, pending, clock } = await given(serve)
    const { token } = await pending()
    const declined = await call('POST', '/decline', { as: '', body: { token, reason: 'no time' } })
    expect([declined.status, declined.body.invite.status]).toEqual([200, 'declined'])
    hasShape('one', declined.body)
    const other = await pending({ recipient: { email: 'bob@example.com' } })
    clock.advance('8d')
    expect((await call('POST', '/renew', { as: '', body: { token: other.token } })).status).toBe(200)
    const { body } = await call('GET', `/${other.id}/history`)
    expect(body.data.at(-1).type).toBe('invite.renewal_requested')
  })

  test('GET and HEAD /i/:token show a page and change nothing; its form acts', async () => {
    const { call, pending, rows } = await given(serve)
    const { id, token } = await pending()
    const before = await rows()
    const page = await call('GET', `/i/${token}?utm_source=x&utm_source=y`, { as: 'ada' })
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.headers.get('cache-control')).toBe('no-store')
    const head = await call('HEAD', `/i/${token}`, { as: 'ada' })
    expect([head.status, head.text]).toEqual([200, ''])
    expect((await call('GET', '/i/nonsense')).status).toBe(404)
    expect(await rows()).toBe(before)
    const form = await call('POST', `/i/${token}`, {
      as: 'ada',
      body: 'action=accept&role=member',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect([200, 303]).toContain(form.status)
    expect((await call('GET', `/${id}`)).body.status).toBe('accepted')
  })

  test('GET /health, and GET /assets/:name for good', async () => {
    const { call, pending } = await given(serve)
    expect((await call('GET', '/health', { as: '' })).body).toEqual({ status: 'ok', lag: 0 })
    const { token } = await pending()
    const [, name = ''] = /\/invites(\/assets\/[^"]+)"/.exec((await call('GET', `/i/${token}`)).text) ?? []
    const asset = await call('GET', name, { as: '' })
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect((await call('GET', '/assets/other.css')).status).toBe(404)
  })
}
