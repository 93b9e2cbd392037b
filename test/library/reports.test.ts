// What providers report, on every storage: late, twice, in any order, forged, and before we have written our own word.
import type { InviteEvent, Report } from 'invitekit'
import { expect, test } from 'vitest'
import { question, unique } from '../support/make.ts'
import { codeOf, onEveryStorage, picture, rejection, type World } from './given.ts'

const sms = { phone: '+4915112345678' }

onEveryStorage(given => {
  const sent = async (options: Parameters<typeof given>[0] = {}) => {
    const world = await given(options)
    const { invite, invites, system } = world
    const made = await invite('ada')
    const id = made.invite.deliveries[0]?.id ?? ''
    const delivery = async () => (await invites.get({ id: made.invite.id }, system)).deliveries[0]
    const report = (status: Report['status'], more: Partial<Report> = {}) => invites.report({ messageId: id, status, ...more })
    return { ...world, made, id, delivery, report }
  }
  const revisionOf = async ({ store, org }: World) => (await store.storage.read(question(org))).revision

  test('a bounce shows on the invite, in lists, in the numbers, in the history and to listeners', async () => {
    const world = await sent()
    const { invites, report, delivery, history, made, all, system } = world
    const heard: InviteEvent[] = []
    invites.on('invite.delivery_failed', event => void heard.push(event))
    const revision = await revisionOf(world)
    expect(await report('delivered')).toEqual({ known: true })
    expect(await delivery()).toMatchObject({ status: 'delivered', failure: null })
    expect(await report('bounced', { failure: 'no such mailbox (550)' })).toEqual({ known: true })
    expect(await delivery()).toMatchObject({ status: 'bounced', failure: 'no such mailbox (550)' })
    expect((await all())[0]?.deliveries).toMatchObject([{ status: 'bounced' }])
    expect((await invites.summary({}, system)).problems).toBe(1)
    expect(await history(made.invite.id)).toEqual(['invite.created', 'invite.sent', 'invite.delivery_failed'])
    expect(heard).toMatchObject([{ organizationId: world.org, data: { invite: { id: made.invite.id, status: 'pending' } } }])
    expect(await revisionOf(world)).toBe(revision)
  })

  test('a repeat writes nothing, and a late arrival hides no bounce', async () => {
    const world = await sent()
    await world.report('bounced')
    const before = await picture(world)
    for (const status of ['bounced', 'delivered', 'sent', 'failed'] as const) {
      expect(await world.report(status)).toEqual({ known: true })
    }
    expect(await picture(world)).toEqual(before)
  })

  test('ten bounces at once are one event', async () => {
    const { report, history, made } = await sent()
    await Promise.all([...Array(10)].map(() => report('bounced')))
    expect((await history(made.invite.id)).filter(type => type === 'invite.delivery_failed')).toHaveLength(1)
  })

  test('a message is known by its id and by the Message-ID made from it; others are not', async () => {
    const { invites, id, delivery } = await sent()
    const known = (messageId: string) => invites.report({ messageId, status: 'delivered' })
    expect(await known(`<${id}@acme.example>`)).toEqual({ known: true })
    expect((await delivery())?.status).toBe('delivered')
    for (const other of [`${id}@acme.example`, ` <${id}> `, id.toUpperCase()])
      expect(await known(other)).toEqual({ known: true })
    const others = [id.replace(/.$/, '_'), '<x@acme.example>', `<${id}@a@b>`, id.replaceAll(/[1-9a-f]/g, '1')]
    for (const other of others) expect(await known(other)).toEqual({ known: false })
  })

  test('a bounce that may pass is a failure, with words of ours, and may be sent again', async () => {
    const { report, delivery, invites, id, mailTo } = await sent()
    await report('bounced', { permanent: false })
    expect(await delivery()).toMatchObject({ status: 'failed', failure: 'the message was not delivered' })
    expect(await invites.relay.redeliver(id)).toBe(true)
    await invites.relay.drain()
    expect([(await delivery())?.status, mailTo('ada').length]).toEqual(['sent', 2])
  })

  test('a late repeat of a failure takes nothing back that is to be sent again', async () => {
    const { report, delivery, invites, id, mailTo } = await sent()
    await report('failed')
    expect(await invites.relay.redeliver(id)).toBe(true)
    await report('failed')
    await invites.relay.drain()
    expect([(await delivery())?.status, mailTo('ada').length]).toEqual(['sent', 2])
  })

  test('what is no report is told by its field, and the provider’s own text is not kept', async () => {
    const { invites, id, delivery } = await sent()
    const paths = async (input: object) => {
      const told = await rejection(invites.report({ messageId: id, status: 'bounced', ...input } as Report))
      return told?.code === 'invalid_input' ? told.errors.map(({ path }) => path) : told
    }
    expect(await paths({ messageId: '' })).toEqual(['messageId'])
    expect(await paths({ messageId: 7 })).toEqual(['messageId'])
    expect(await paths({ status: 'queued' })).toEqual(['status'])
    expect(await paths({ permanent: 'yes' })).toEqual(['permanent'])
    expect(await paths({ failure: '550 see https://mail.example/i/secret' })).toEqual(['failure'])
    expect(await paths({ failure: '550 <ada@example.com>: no such user' })).toEqual(['failure'])
    expect(await paths({ failure: 'x'.repeat(201) })).toEqual(['failure'])
    expect((await delivery())?.status).toBe('sent')
  })

  test('a report that comes before our own word is that word: nothing is sent twice, nothing overwritten', async () => {
    const statuses = ['sent', 'delivered', 'bounced', 'failed'] as const
    for (const status of statuses) {
      const early = { report: async (_: string): Promise<unknown> => null }
      const tries: string[] = []
      const send = async ({ id }: { readonly id: string }) => {
        tries.push(id)
        await early.report(id)
        if (tries.length === 1) throw new Error('the line broke after the provider had taken it')
        return {}
      }
      const world = await given({ transports: { email: { send } } })
      const { invites, clock, invite, system, history, errors } = world
      early.report = messageId => invites.report({ messageId, status })
      const { invite: made } = await invite('ada')
      clock.advance('2h')
      await invites.relay.drain()
      const { deliveries } = await invites.get({ id: made.id }, system)
      expect([tries.length, deliveries.map(each => each.status)]).toEqual([1, [status]])
      const failed = status === 'bounced' || status === 'failed' ? ['invite.delivery_failed'] : []
      expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', ...failed])
      expect(errors).toHaveLength(1)
    }
  })

  test('a complaint suppresses the address in that organization, also once the invite is erased', async () => {
    const world = await sent()
    const { invites, made, report, system, email, org } = world
    await invites.erase({ id: made.invite.id }, world.admin)
    expect(await report('complained')).toEqual({ known: true })
    expect(await invites.suppressions.has({ email: email('ada') }, system)).toBe(true)
    expect(await invites.suppressions.has({ email: email('ada') }, { ...system, organizationId: unique('org') })).toBe(false)
    const again = await world.invite('ada')
    expect((await invites.get({ id: again.invite.id }, system)).deliveries).toMatchObject([{ status: 'suppressed' }])
    await invites.suppressions.remove({ email: email('ada') }, system)
    expect(await report('complained')).toEqual({ known: true })
    expect(await invites.suppressions.has({ email: email('ada') }, { ...system, organizationId: org })).toBe(false)
  })

  test('what becomes of a notice to the inviter is not held against the invitee', async () => {
    const directory = { user: () => ({ name: 'Ada', email: 'admin@acme.example' }) }
    const world = await given({ directory, expiryNotices: true })
    const { invites, invite, clock, system, email, history } = world
    const { invite: made } = await invite('bob')
    clock.advance('8d')
    await invites.sweep()
    await invites.relay.drain()
    const { deliveries } = await invites.get({ id: made.id }, system)
    const notice = deliveries.find(({ reason }) => reason === 'expired')
    expect(notice).toMatchObject({ status: 'sent' })
    expect(await invites.report({ messageId: notice?.id ?? '', status: 'complained' })).toEqual({ known: true })
    expect(await invites.suppressions.has({ email: email('bob') }, system)).toBe(false)
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
  })

  test('a transport reports of its own messages alone, and its word is acted on', async () => {
    const say = { reports: [] as Report[], signed: true }
    const receive = () => (say.signed ? { reports: say.reports } : null)
    const send = async () => ({})
    const world = await given({ transports: { email: { send }, sms: { send, receive } } })
    const { invites, system, org } = world
    const recipient = { email: `ada@${org}.example.com`, ...sms }
    const { invite } = await invites.create({ recipient, role: 'member' }, system)
    const deliveries = async () =>
      (await invites.get({ id: invite.id }, system)).deliveries.map(({ channel, status }) => `${channel} ${status}`).sort()
    expect(await deliveries()).toEqual(['email sent', 'sms sent'])
    say.reports = invite.deliveries.map(({ id }) => ({ messageId: id, status: 'bounced' }))
    const request = { url: 'https://x.example', method: 'POST', headers: new Headers(), body: new Uint8Array() }
    say.signed = false
    expect(await invites.receive({ transport: 'sms', ...request })).toBe('refused')
    expect(await deliveries()).toEqual(['email sent', 'sms sent'])
    say.signed = true
    expect(await invites.receive({ transport: 'sms', ...request })).toBe('taken')
    expect(await deliveries()).toEqual(['email sent', 'sms bounced'])
    for (const transport of ['email', 'fax', 'constructor'])
      expect(await invites.receive({ transport, ...request })).toBe('unknown')
    say.reports = [{ messageId: 'x', status: 'lost' as 'sent' }]
    await expect(invites.receive({ transport: 'sms', ...request })).rejects.toThrow('`transports.sms.receive`')
    for (const wrong of [undefined, null, {}, { transport: 'sms', ...request, headers: {} }, { ...request, body: '' }]) {
      expect(await codeOf(invites.receive(wrong as never))).toBe('invalid_input')
    }
    expect(await codeOf(invites.report({ messageId: 'x', status: 'sent' }))).toBe('ok')
  })
})
