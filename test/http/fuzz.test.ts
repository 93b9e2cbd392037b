// No input is answered with a 5xx, and what is refused changes nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHandler } from '../../adapters/http/index.ts'
import { given } from './contract/given.ts'

const started = () => {
  const errors: unknown[] = []
  const none = Number.POSITIVE_INFINITY
  return given(
    async (invites, { actor }) =>
      createHandler(invites, {
        actor: request => actor(name => request.headers.get(name)),
        publicLimits: { perClient: none, answersPerInvite: none, codesPerClient: none },
      }),
    { onError: error => errors.push(error) },
  ).then(kit => ({ ...kit, errors }))
}

const words = [
  'token',
  'code',
  'id',
  'recipient',
  'email',
  'phone',
  'fullName',
  'locale',
  'role',
  'kind',
  'open',
  'member',
  'invites',
]
  .concat([
    'defaults',
    'expiresIn',
    'maxUses',
    'metadata',
    'channels',
    'sms',
    'reason',
    'rotate',
    '7d',
    'ada@example.com',
    '+14155550123',
  ])
  .concat([
    '__proto__',
    'constructor',
    'toString',
    'ifPending',
    'resend',
    'send',
    'templateId',
    'content',
    'email',
    'body',
    '{{ link }}',
    '{% if',
    'locales',
    'brand',
    'externalId',
    'dryRun',
    '\u0000',
    '\ud800',
  ])
const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...words) }, fc.string({ unit: 'binary', maxLength: 12 }))
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    word,
    fc.constantFrom(null, true, false, 0, -1, 1e308, 0.5),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }),
    fc.dictionary(word, tie('value'), { maxKeys: 5, depthIdentifier: 'value' }),
  ),
}))

const id = '00000000-0000-7000-8000-000000000000'
const paths = [
  '',
  '/bulk',
  `/${id}/resend`,
  `/${id}/revoke`,
  `/${id}/erase`,
  '/preview',
  '/open',
  '/accept',
  '/decline',
  '/renew',
  '/templates',
  '/templates/preview',
  `/templates/${id}/preview`,
  `/${id}`,
]

test('whatever JSON comes to whatever route', async () => {
  const { call, errors } = await started()
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), value, async (path, body) => {
      const { status } = await call(path === `/${id}` ? 'PATCH' : 'POST', path, { body: JSON.stringify(body) })
      expect([errors, status < 500]).toEqual([[], true])
    }),
    { numRuns: 600 },
  )
})

test('whatever recipient and terms come to create', async () => {
  const { call, errors } = await started()
  const recipient = fc.record({ email: word, phone: word, fullName: value, locale: word }, { requiredKeys: [] })
  const terms = {
    role: word,
    expiresIn: value,
    channels: fc.array(word),
    metadata: value,
    externalId: word,
    maxUses: value,
    locale: word,
    code: value,
  }
  const input = fc.record({ recipient, ...terms }, { requiredKeys: ['recipient', 'role'] })
  await fc.assert(
    fc.asyncProperty(input, async body => {
      const { status } = await call('POST', '', { body: JSON.stringify(body) })
      expect([errors, status < 500]).toEqual([[], true])
    }),
    { numRuns: 400 },
  )
})

test('whatever path and query come', async () => {
  const { call, errors, rows } = await started()
  const before = await rows()
  const keys = fc.constantFrom(
    'status',
    'role',
    'email',
    'phone',
    'q',
    'sort',
    'limit',
    'cursor',
    'include',
    'createdAfter',
    'expiresBefore',
  )
  const pairs = fc.array(fc.tuple(keys, fc.oneof(word, fc.constantFrom('1', 'pending', '2026-01-01T00:00:00Z', '%', '_'))), {
    maxLength: 3,
  })
  const path = fc.oneof(
    fc.constantFrom('', '/summary', '/members', '/mine', '/health', '/i/x', `/${id}/history`),
    fc.webPath(),
    word.map(encode),
  )
  await fc.assert(
    fc.asyncProperty(path, pairs, async (path, pairs) => {
      const query = pairs.map(([key, text]) => `${key}=${encode(text).slice(1)}`).join('&')
      const { status } = await call('GET', `${path}?${query}`)
      expect([errors, status < 500]).toEqual([[], true])
    }),
    { numRuns: 500 },
  )
  expect(await rows()).toBe(before)
})

function encode(text: string): string {
  return `/${text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%80'}`
}
