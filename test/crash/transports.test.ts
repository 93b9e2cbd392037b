// Transports, renders and listeners that do what they should not: the message is tried again, and the relay goes on.
import { inspect } from 'node:util'
import type { MessageFacts, OutgoingMessage, Transport } from 'invitekit'
import { describe, expect, test } from 'vitest'
import { given, later, noting } from './given.ts'

const never = new Promise<never>(() => {})
const one = { lease: '1s' } as const

const faults: Readonly<Record<string, () => unknown>> = {
  'throws at once': () => {
    throw new Error('token https://app.example.com/i/secret')
  },
  'rejects with a text': () => Promise.reject('no'),
  'rejects with undefined': () => Promise.reject(undefined),
  'rejects with null': () => Promise.reject(null),
  'throws a frozen thing': () => Promise.reject(Object.freeze({ permanent: 'yes', failure: 7 })),
}

for (const [what, fault] of Object.entries(faults)) {
  test(`a transport that ${what} is tried again, and its words are not stored`, async () => {
    let tries = 0
    const send = (() => (++tries === 1 ? fault() : Promise.resolve({}))) as Transport['send']
    const { invites, invite, deliveries, clock, errors } = await given({ transport: send })
    await invite()
    expect(await invites.relay.drain()).toMatchObject({ failed: 1 })
    expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1, failure: 'the transport failed' }])
    expect(errors).toHaveLength(1)
    clock.advance(later)
    await invites.relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 2, failure: null }])
  })
}

test('a transport that never settles is given up before its lease ends, and fails after its last try', async () => {
  const { ids, send } = noting(() => never)
  const { invites, invite, deliveries, clock } = await given({ transport: send, relay: { ...one, maxAttempts: 2 } })
  await invite()
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1 }])
  clock.advance(later)
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: 2 }])
  expect(new Set(ids).size).toBe(1)
  expect(ids).toHaveLength(2)
})

test('a transport that answers nothing at all has taken the message', async () => {
  const taken: string[] = []
  const send = (({ id }: { id: string }) => void taken.push(id)) as unknown as Transport['send']
  const { invites, invite, deliveries } = await given({ transport: send })
  await invite()
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 1 }])
  expect(taken).toHaveLength(1)
})

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: whatever a transport answers or says can be stored, and holds up no other message`, async () => {
    const answers = [{ providerId: 'a\u0000b' }, { providerId: '\ud800' }, { providerId: 7 }, { providerId: {} }, 'ok', null]
    const failures = ['a\u0000b', '\ud800', `${'x'.repeat(199)}\u{1f98a}`]
    let tries = 0
    const send = (async () => {
      tries += 1
      if (tries > answers.length) throw Object.assign(new Error('no'), { permanent: true, failure: failures.pop() })
      return answers[tries - 1]
    }) as Transport['send']
    const { invites, invite, deliveries } = await given({ kind, transport: { send, maxInFlight: 20 } })
    await Promise.all([...answers, ...failures].map((_, index) => invite(`p${index}`)))
    await invites.relay.drain()
    const statuses = (await deliveries()).map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(3).fill('failed'), ...Array(6).fill('sent')])
    expect(tries).toBe(9)
  })
}

test('a render that never settles is given up like a transport', async () => {
  const { ids, send } = noting()
  const { invites, invite, deliveries } = await given({ transport: send, relay: one, options: { render: () => never } })
  await invite()
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1 }])
  expect(ids).toEqual([])
})

for (const [what, options] of Object.entries({
  render: { render: () => Promise.reject(Object.assign(new Error('https://app.example.com/i/secret'), { failure: 'secret' })) },
  'directory.organization': { directory: { organization: () => Promise.reject(new Error('no team')) } },
})) {
  test(`what \`${what}\` throws is no failure of the transport, and none of its words is stored`, async () => {
    const { ids, send } = noting()
    const told: string[] = []
    const onError = (_: unknown, { where }: { where: string }) => void told.push(where)
    const { invites, invite, deliveries } = await given({ transport: send, options: { ...options, onError } })
    await invite()
    await invites.relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1, failure: 'the message could not be written' }])
    expect(told).toEqual(['writing for email, try 1'])
    expect(ids).toEqual([])
  })
}

test('what a render answers is checked: without a text nothing leaves, and the host hears what it must answer', async () => {
  const must = '`render` must answer { text }'
  const answers: readonly [answer: unknown, told: string][] = [
    ['text', must],
    [7, must],
    [{}, `${must}: \`text\` is no text`],
    [{ text: 5 }, `${must}: \`text\` is no text`],
    [{ text: ['a'] }, `${must}: \`text\` is no text`],
    [{ text: 'a', subject: null }, `${must}: \`subject\` is no text`],
    [{ text: 'a', html: {} }, `${must}: \`html\` is no text`],
    [{ text: 'a', replyTo: [null] }, `${must}: \`replyTo\` is no text`],
  ]
  const { ids, send } = noting()
  const texts: string[] = []
  let answer: unknown
  const transport: Transport['send'] = message => {
    texts.push(message.text)
    return send(message)
  }
  const { invites, invite, deliveries, errors } = await given({ transport, options: { render: () => answer as never } })
  for (const [index, [value, told]] of answers.entries()) {
    answer = value
    await invite(`p${index}`)
    await invites.relay.drain()
    expect(errors.splice(0)).toEqual([told, 'the message could not be written'])
  }
  expect(ids).toEqual([])
  const failed = { status: 'failed', attempts: 1, failure: 'the message could not be written' }
  expect(await deliveries()).toMatchObject(answers.map(() => failed))
  for (const value of [{ text: 'Hi', html: undefined, replyTo: ['a@b.example'] }, undefined, null]) {
    answer = value
    await invite(`q${texts.length}`)
    await invites.relay.drain()
  }
  expect(texts).toEqual(['Hi', expect.stringContaining('/i/'), expect.stringContaining('/i/')])
})

test('an invite that is revoked while its mail is composed is not mailed', async () => {
  const { ids, send } = noting()
  const slow = { organization: () => new Promise<null>(resolve => setTimeout(resolve, 300, null)) }
  const { invites, invite, deliveries } = await given({ transport: send, options: { directory: slow as never } })
  const { invite: made } = await invite()
  const drained = invites.relay.drain()
  await new Promise(resolve => setTimeout(resolve, 150))
  await invites.revoke({ id: made.id }, { actor: 'system', organizationId: 'acme' })
  await drained
  expect(ids).toEqual([])
  expect(await deliveries()).toMatchObject([{ status: 'suppressed', failure: 'the invite is revoked' }])
})

describe('an error that quotes the mail is told without its link, its code and its unsubscribe link', () => {
  class Refusal extends Error {
    readonly code = 'EREFUSED'
  }
  const quoted = ({ text, headers }: Omit<OutgoingMessage, 'signal'>) => `451 <${text}> ${headers['List-Unsubscribe']}`
  const faults: Readonly<Record<string, (quote: string) => unknown>> = {
    'an error of its own class, with a cause': quote =>
      new Refusal(quote, { cause: new AggregateError([new Error(quote)], quote) }),
    'an error with the request': quote => Object.assign(new Error('no'), { response: quote, config: { data: [quote] } }),
    'a frozen error': quote => Object.freeze(Object.assign(new Error(quote), { code: 'EREFUSED' })),
    'a text': quote => quote,
    'an error whose own words quote it': quote => Object.assign(new Error('no'), { failure: quote, permanent: true }),
    'an error that cannot be read': quote =>
      Object.defineProperty(new Error(quote), 'stack', {
        get() {
          throw new Error(quote)
        },
      }),
  }
  for (const [what, fault] of Object.entries(faults)) {
    test(what, async () => {
      const told: unknown[] = []
      let mail: Omit<OutgoingMessage, 'signal'> | undefined
      const transport: Transport['send'] = message => {
        mail = message
        throw fault(quoted(message))
      }
      const { invites, deliveries } = await given({ transport, options: { onError: error => void told.push(error) } })
      const input = { recipient: { email: 'ada@example.com' }, role: 'member', code: true }
      const { link, code } = await invites.create(input, { actor: 'system', organizationId: 'acme' })
      await invites.relay.drain()
      const unsubscribe = mail?.headers['List-Unsubscribe']
      const secrets = [link, code, unsubscribe].map(text => /[\w-]{48,}|^[A-Z0-9]{10}$/.exec(text ?? '')?.[0] ?? 'nothing')
      expect(quoted(mail as OutgoingMessage)).toMatch(new RegExp(secrets.join('[^]*')))
      expect(told).toHaveLength(1)
      const shown = inspect(told[0], { depth: 9, showHidden: true }) + JSON.stringify(await deliveries())
      for (const secret of secrets) expect(shown).not.toContain(secret)
      if (what.includes('class')) {
        expect(told[0]).toBeInstanceOf(Refusal)
        expect(told[0]).toMatchObject({ code: 'EREFUSED', cause: { errors: [{ message: expect.stringContaining('451') }] } })
      }
      if (what.includes('frozen')) expect(told[0]).toMatchObject({ code: 'EREFUSED' })
    })
  }

  test('also one whose request points back to itself from everywhere, at once', async () => {
    const told: unknown[] = []
    const transport = async ({ text }: OutgoingMessage) => {
      const request: Record<string, unknown> = { text }
      for (let part = 0; part < 40; part += 1) request[`part${part}`] = request
      throw Object.assign(new Error('refused'), { request })
    }
    const { invites, invite } = await given({ transport, options: { onError: error => void told.push(error) } })
    const { link } = await invite('ada')
    const begin = performance.now()
    await invites.relay.drain()
    expect(performance.now() - begin).toBeLessThan(2_000)
    expect(inspect(told[0], { depth: 2 })).not.toContain(link)
    expect(told[0]).toMatchObject({ request: { part9: { part7: { text: expect.stringContaining('[hidden]') } } } })
  })

  test('also one that `render` throws', async () => {
    const told: unknown[] = []
    const render = ({ link, code }: MessageFacts) => Promise.reject(new Error(`cannot write ${link} and ${code}`))
    const { invites } = await given({
      transport: async () => ({}),
      options: { render, onError: error => void told.push(error) },
    })
    const input = { recipient: { email: 'ada@example.com' }, role: 'member', code: true }
    await invites.create(input, { actor: 'system', organizationId: 'acme' })
    await invites.relay.drain()
    const link = 'https://app.example.com/invites/i/[hidden]'
    expect(told).toMatchObject([{ message: `cannot write ${link} and [hidden]` }])
  })
})

test('of a transport that works now and then the host is told no more than once a minute, in the words that are stored', async () => {
  const busy = () => Promise.reject(Object.assign(new Error('451 your mail: Hi Ada'), { failure: 'busy' }))
  const { send } = noting(nth => (nth % 2 === 1 ? busy() : undefined))
  const { invites, invite, clock, errors } = await given({ transport: { send, maxInFlight: 1 } })
  for (const name of ['ada', 'bob', 'cy', 'di']) await invite(name)
  await invites.relay.drain()
  expect(errors.splice(0)).toEqual(['busy'])
  clock.advance('61s')
  await invite('ed')
  await invites.relay.drain()
  expect(errors).toEqual(['busy'])
})

test('a listener that never settles holds up nothing', async () => {
  const { send } = noting()
  const { invites, invite, deliveries, errors, store } = await given({ transport: send, relay: one })
  invites.on('invite.created', () => never)
  await invite()
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
  expect(errors).toHaveLength(1)
  expect(await store.rows(`select id from invite_outbox where kind = 'event'`)).toEqual([])
})

test('an onError that throws changes nothing', async () => {
  const { ids, send } = noting(nth => (nth === 1 ? Promise.reject(new Error('no')) : undefined))
  const onError = () => {
    throw new Error('and this too')
  }
  const { invites, invite, deliveries } = await given({ transport: { send, maxInFlight: 1 }, options: { onError } })
  await Promise.all([invite('ada'), invite('bob')])
  await invites.relay.drain()
  expect(ids).toHaveLength(2)
  expect((await deliveries()).map(({ status }) => status).sort()).toEqual(['queued', 'sent'])
})
