// Bad input, one row each: what is wrong, the path that must be named, and the call.
import type { World } from './given.ts'

type Call = (world: World, ids: { readonly id: string; readonly token: string }) => Promise<unknown>
/** What is wrong, the path that says where, and the call. */
type Case = readonly [name: string, path: string, call: Call]

const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) })
const cyclic = () => {
  const one: Record<string, unknown> = { list: [] }
  one['self'] = one
  return one
}

const creating = (name: string, path: string, changes: object): Case => [
  `create: ${name}`,
  path,
  ({ invites, admin, email }) =>
    invites.create({ recipient: { email: email('new') }, role: 'member', ...changes } as never, admin),
]
const to = (name: string, path: string, recipient: unknown): Case => creating(name, path, { recipient })
const metadata = (name: string, path: string, value: unknown): Case => creating(`metadata ${name}`, path, { metadata: value })
const listing = (name: string, path: string, query: object): Case => [
  `list: ${name}`,
  path,
  ({ invites, admin }) => invites.list(query as never, admin),
]
const own = (name: string): unknown => JSON.parse(`{"${name}": {"role": "owner"}, "role": "member", "kind": "open"}`)

export const cases: readonly Case[] = [
  ['create: nothing', '', ({ invites, admin }) => invites.create(undefined as never, admin)],
  ['create: a list', '', ({ invites, admin }) => invites.create([] as never, admin)],
  ['create: __proto__', '__proto__', ({ invites, admin }) => invites.create(own('__proto__') as never, admin)],
  ['create: constructor', 'constructor', ({ invites, admin }) => invites.create(own('constructor') as never, admin)],
  creating('an unknown field', 'rolle', { rolle: 'member' }),
  creating('no role', 'role', { role: undefined }),
  creating('a list for a role', 'role', { role: ['member'] }),
  creating('an empty role', 'role', { role: '' }),
  creating('no recipient', 'recipient', { recipient: undefined }),
  creating('a recipient on an open invite', 'recipient', { kind: 'open' }),
  creating('maxUses on a personal invite', 'maxUses', { maxUses: 1 }),
  ...[0, -1, 1.5, Number.NaN, 1_000_001, '1'].map(maxUses =>
    creating(`maxUses ${maxUses}`, 'maxUses', { kind: 'open', recipient: undefined, maxUses }),
  ),
  creating('an unknown kind', 'kind', { kind: 'public' }),
  to('a text for a recipient', 'recipient', 'ada@example.com'),
  to('neither e-mail nor phone', 'recipient', { fullName: 'Ada' }),
  to('an unknown field in the recipient', 'recipient.mail', { email: 'a@example.com', mail: 'x' }),
  ...[
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    'Ada <a@example.com>',
    '"a b"@example.com',
    'a@[127.0.0.1]',
    'a@localhost',
    'a@example.com\r\nBcc: b@example.com',
    'a\u200b@example.com',
    'a\u202e@example.com',
    'a\u0000@example.com',
    'a\ud800@example.com',
    '@example.com',
    'a@',
    '',
    '   ',
    `${'a'.repeat(300)}@example.com`,
  ].map(email => to(`the address ${JSON.stringify(email).slice(0, 40)}`, 'recipient.email', { email })),
  to('a list of addresses', 'recipient.email', { email: ['a@example.com', 'b@example.com'] }),
  to('an object for an address', 'recipient.email', { email: { toString: 'x' } }),
  ...['12', '+49', '+1 555 000', 'call me', '+49 1512 3456789, +49 1512 3456780'].map(phone =>
    to(`the number ${phone}`, 'recipient.phone', { phone }),
  ),
  to('a list of numbers', 'recipient.phone', { phone: ['+4915123456789'] }),
  to('a line break in a name', 'recipient.fullName', { email: 'a@example.com', fullName: 'Ada\r\nBcc: b@example.com' }),
  to('half a character in a name', 'recipient.firstName', { email: 'a@example.com', firstName: 'A\ud83d' }),
  to('NUL in a name', 'recipient.lastName', { email: 'a@example.com', lastName: 'A\u0000' }),
  to('a name of 201 characters', 'recipient.fullName', { email: 'a@example.com', fullName: 'x'.repeat(201) }),
  to('a locale that is none', 'recipient.locale', { email: 'a@example.com', locale: 'de; drop' }),
  ...[-1, 0, 999, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '0d', '-1d', '7 days', '11y', '', [], {}, 3651 * 86_400_000].map(
    value => creating(`expiresIn ${JSON.stringify(value)}`, 'expiresIn', { expiresIn: value }),
  ),
  creating('a Date for expiresIn', 'expiresIn', { expiresIn: new Date() }),
  creating('a text for send', 'send', { send: 'false' }),
  creating('a text for channels', 'channels', { channels: 'email' }),
  creating('a number among the channels', 'channels.1', { channels: ['email', 7] }),
  creating('an unknown ifPending', 'ifPending', { ifPending: 'replace' }),
  creating('an externalId of 256 characters', 'externalId', { externalId: 'x'.repeat(256) }),
  creating('NUL in an externalId', 'externalId', { externalId: 'a\u0000b' }),
  metadata('that is a list', 'metadata', []),
  metadata('that is null', 'metadata', null),
  metadata('with a function', 'metadata.f', { f: () => 1 }),
  metadata('with a symbol', 'metadata.s', { s: Symbol('s') }),
  metadata('with a BigInt', 'metadata.n', { n: 1n }),
  metadata('with a Date', 'metadata.d', { d: new Date() }),
  metadata('with NaN', 'metadata.n.0', { n: [Number.NaN] }),
  metadata('with NUL', 'metadata.a.b', { a: { b: 'x\u0000' } }),
  metadata('with half a character', 'metadata.a', { a: '\udc00' }),
  metadata('with NUL in a key', 'metadata', { 'a\u0000': 1 }),
  metadata('with __proto__', 'metadata', JSON.parse('{"__proto__": {"a": 1}}')),
  metadata('that is cyclic', 'metadata.self.self', cyclic()),
  metadata('25 levels deep', 'metadata.a.a', deep(25)),
  metadata('that is huge', 'metadata', { text: 'x'.repeat(20_000) }),
  creating('extra that is a list', 'extra', { extra: [] }),
  ['createMany: nothing', '', ({ invites, admin }) => invites.createMany(undefined as never, admin)],
  [
    'createMany: an object for the list',
    'invites',
    ({ invites, admin }) => invites.createMany({ invites: {} } as never, admin),
  ],
  [
    'createMany: a fault in the defaults',
    'defaults.expiresIn',
    ({ invites, admin, email }) =>
      invites.createMany({ invites: [{ recipient: { email: email('x') } }], defaults: { expiresIn: 'soon' } } as never, admin),
  ],
  ...[0, -1, 201, Number.NaN, 1.5, '10', null].map(limit => listing(`limit ${limit}`, 'limit', { limit })),
  listing('an unknown state', 'status', { status: 'open' }),
  listing('an unknown sort', 'sort', { sort: 'email' }),
  listing('an address that is none', 'email', { email: 'a,b' }),
  listing('a number that is none', 'phone', { phone: 'x' }),
  listing('a date that is none', 'created.from', { created: { from: 'yesterday' } }),
  listing('a time without its zone', 'expires.to', { expires: { to: '2026-01-01T00:00:00' } }),
  listing('a day that there is not', 'created.from', { created: { from: '2026-02-30T00:00:00Z' } }),
  listing('a month that there is not', 'created.to', { created: { to: '2026-13-01T00:00:00Z' } }),
  listing('a Date for a span', 'created', { created: new Date() }),
  listing('a Map for a span', 'expires', { expires: new Map() }),
  listing('an invalid Date', 'created.to', { created: { to: new Date(Number.NaN) } }),
  listing('a text for include', 'include', { include: 'total' }),
  listing('an unknown include', 'include.0', { include: ['secrets'] }),
  listing('NUL in q', 'q', { q: 'a\u0000' }),
  listing('an empty q', 'q', { q: '' }),
  listing('an unknown filter', 'organizationId', { organizationId: 'other' }),
  ['get: no id', 'id', ({ invites, admin }) => invites.get({} as never, admin)],
  ['get: a list', 'id', ({ invites, admin }, { id }) => invites.get({ id: [id] } as never, admin)],
  ['get: an object', 'id', ({ invites, admin }) => invites.get({ id: { $ne: null } } as never, admin)],
  [
    'revoke: a list for a reason',
    'reason',
    ({ invites, admin }, { id }) => invites.revoke({ id, reason: ['x'] } as never, admin),
  ],
  ['revoke: NUL in the reason', 'reason', ({ invites, admin }, { id }) => invites.revoke({ id, reason: 'a\u0000' }, admin)],
  [
    'update: the address',
    'recipient.email',
    ({ invites, admin }, { id }) => invites.update({ id, recipient: { email: 'a@b.cd' } } as never, admin),
  ],
  ['update: the status', 'status', ({ invites, admin }, { id }) => invites.update({ id, status: 'accepted' } as never, admin)],
  ['update: expired at once', 'expiresIn', ({ invites, admin }, { id }) => invites.update({ id, expiresIn: 0 }, admin)],
  [
    'resend: a text for rotate',
    'rotate',
    ({ invites, admin }, { id }) => invites.resend({ id, rotate: 'yes' } as never, admin),
  ],
  ['accept: nothing', '', ({ invites, user }) => invites.accept({} as never, user('ada'))],
  ['accept: token and id', '', ({ invites, user }, ids) => invites.accept(ids as never, user('ada'))],
  [
    'accept: a list of tokens',
    'token',
    ({ invites, user }, { token }) => invites.accept({ token: [token] } as never, user('ada')),
  ],
  ['accept: an empty token', 'token', ({ invites, user }) => invites.accept({ token: '' }, user('ada'))],
  [
    'accept: identity in the input',
    'userId',
    ({ invites, user }, { token }) => invites.accept({ token, userId: 'x' } as never, user('ada')),
  ],
  ['preview: by id', 'id', ({ invites }, { id }) => invites.preview({ id } as never)],
  ['preview: nothing', '', ({ invites }) => invites.preview(undefined as never)],
  ['open: a number', 'token', ({ invites }) => invites.open({ token: 7 } as never)],
  ['renew: nothing', '', ({ invites }) => invites.renew(undefined as never)],
  ['decline: nothing', '', ({ invites }) => invites.decline(undefined as never)],
  ['mine: a filter', 'email', ({ invites, user }) => invites.mine({ email: 'x' }, user('ada'))],
  ['erase: nothing', '', ({ invites, admin }) => invites.erase(undefined as never, admin)],
  ['summary: a filter', 'from', ({ invites, admin }) => invites.summary({ from: 1 }, admin)],
  ['touch: nothing', '', ({ invites }) => invites.touch(undefined as never, {})],
  ['sweep: no batch', 'batch', ({ invites }) => invites.sweep({ batch: 0 })],
  ['members.add: no user', 'userId', ({ invites, admin }) => invites.members.add({ role: 'member' } as never, admin)],
  [
    'members.add: a bad address',
    'email',
    ({ invites, admin }) => invites.members.add({ userId: 'x', role: 'member', email: 'x' }, admin),
  ],
  ['members.list: limit 0', 'limit', ({ invites, admin }) => invites.members.list({ limit: 0 }, admin)],
  [
    'an empty idempotencyKey',
    'idempotencyKey',
    ({ invites, admin }, { id }) => invites.revoke({ id }, { ...admin, idempotencyKey: '' }),
  ],
  [
    'a list for a key',
    'idempotencyKey',
    ({ invites, admin }, { id }) => invites.revoke({ id }, { ...admin, idempotencyKey: ['k'] as never }),
  ],
  [
    'NUL in the user',
    'actor.userId',
    ({ invites, staff, org }, { id }) => invites.revoke({ id }, staff('admin', org, 'a\u0000')),
  ],
  [
    'NUL in the organization',
    'actor.organizationId',
    ({ invites, staff }, { id }) => invites.revoke({ id }, staff('admin', 'a\u0000')),
  ],
]
