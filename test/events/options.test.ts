// Options that cannot work are refused when the sink is made, with the way to mend them.
import { type WebhookOptions, webhookSink } from 'invitekit/webhook'
import { expect, test } from 'vitest'
import { secret } from './given.ts'

const made = (options: object) => () => webhookSink({ url: 'https://example.com/hooks', secret, ...options } as WebhookOptions)

const refusals: readonly (readonly [what: string, options: object, sentence: RegExp])[] = [
  [
    'no url',
    { url: undefined },
    /`url` must be an absolute https address, such as https:.* It is undefined: is its environment/,
  ],
  ['a text that is no address', { url: 'not a url' }, /`url` must be an absolute https address/],
  ['an empty url', { url: '' }, /`url` must be an absolute https address/],
  ['a host alone', { url: 'example.com/hooks' }, /`url` must be an absolute https address/],
  ['a path', { url: '/hooks' }, /`url` must be an absolute https address/],
  ['another protocol', { url: 'ftp://example.com' }, /`url` must be an absolute https address/],
  ['an address with a zone', { url: 'https://[fe80::1%25eth0]/' }, /`url` must be an absolute https address/],
  ['plain http', { url: 'http://example.com' }, /plain http: make it https, or add "example.com" to `allow`/],
  ['a name for http whose address alone is allowed', { url: 'http://localhost', allow: ['127.0.0.1'] }, /add "localhost"/],
  ['a user', { url: 'https://ann@example.com' }, /user or password in it: leave them out/],
  ['a password', { url: 'https://:hunter2@example.com' }, /user or password in it: leave them out/],
  [
    'no secret',
    { secret: undefined },
    /`secret` is missing: whsec_ and base64.*openssl rand.* It is undefined: is its environment/,
  ],
  [
    'a second secret that is not set',
    { secret: [secret, undefined] },
    /at least 24 bytes.* It is undefined: is its environment/,
  ],
  ['an empty list of secrets', { secret: [] }, /`secret` is missing/],
  ['a text without whsec_', { secret: 'hunter2'.repeat(8) }, /at least 24 bytes: whsec_ and base64/],
  ['23 bytes', { secret: `whsec_${Buffer.alloc(23).toString('base64')}` }, /at least 24 bytes/],
  ['23 raw bytes', { secret: Buffer.alloc(23) }, /at least 24 bytes/],
  ['base64 that is none', { secret: `${secret}!` }, /at least 24 bytes/],
  ['base64 of URLs', { secret: `whsec_${Buffer.alloc(32, 255).toString('base64url')}` }, /at least 24 bytes/],
  ['one good secret and a bad one', { secret: [secret, 'hunter2'] }, /at least 24 bytes/],
  ['a number', { secret: 42 }, /`secret` is missing/],
  ['two secrets for smile', { format: 'smile', secret: [secret, secret] }, /room for one signature/],
  ['a short secret for smile', { format: 'smile', secret: 'hunter2' }, /at least 24 bytes: a text, taken as it stands/],
  ['an unknown format', { format: 'slack' }, /`format` must be 'standard' or 'smile'/],
  ['an unknown event', { events: ['invite.accepted', 'invite.eaten'] }, /"invite.eaten", which the standard format does not/],
  [
    'an event of Object',
    { events: ['constructor'] },
    /"constructor", which the standard format does not send; it sends invite/,
  ],
  [
    'an event that smile has no word for',
    { format: 'smile', events: ['invite.revoked'] },
    /sends invite.sent, invite.accepted/,
  ],
  ['no events at all', { events: [] }, /leave it out to send all/],
  ['an empty name', { name: '' }, /`name` must be a text/],
  ['an unknown option', { timeout: 1 }, /no option `timeout`; the options are url, secret, events/],
  ['an allow that is no list', { allow: '127.0.0.1' }, /`allow` must be a list/],
  ...['10.0.0.0/33', '::/129', 'localhost:8080', '*.example.com', 'http://a.example', 'a b', '', '::1%lo', '10.0.0/8', 7].map(
    entry => [`allow ${entry}`, { allow: [entry] }, /`allow` has .*, which is neither a host such as/] as const,
  ),
]

test('no options at all are refused with an example', () => {
  expect(() => webhookSink(undefined as never)).toThrow(/^webhookSink: takes an object, such as \{ url: 'https/)
})

test.each(refusals)('%s', (_, options, sentence) => {
  expect(made(options)).toThrow(TypeError)
  expect(made(options)).toThrow(sentence)
  expect(made(options)).not.toThrow(/hunter2/)
})

const loopback = ['127.0.0.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001', '127.1', '127.0.0.1.']
const spelled = [
  '%31%32%37.0.0.1',
  '１２７.0.0.1',
  '①②⑦.0.0.1',
  '127。0。0。1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
]
const others = ['10.0.0.1', '169.254.169.254', '0xA9FEA9FE', '0', '[::]', '[::7f00:1]', '[64:ff9b::a00:1]', '[fd00:ec2::254]']

test.each([...loopback, ...spelled, ...others])('https://%s is no public address, however it is spelled', host => {
  expect(made({ url: `https://${host}/hooks` })).toThrow(/which is no public address: add it to `allow`/)
})

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '0x7f.1'],
  ['0x7f.1', '127.0.0.1'],
  ['127.0.0.0/8', '127.9.9.9'],
  ['::1', '[::1]'],
  ['[::1]', '[0::1]'],
  ['fd00::/8', '[fd00:ec2::254]'],
  ['localhost', 'LOCALHOST'],
  ['bücher.example', 'xn--bcher-kva.example'],
])('allow %s lets http://%s pass', (allow, host) => {
  expect(made({ url: `http://${host}/hooks`, allow: [allow] })).not.toThrow()
})

test('a public address and a name need no allow', () => {
  for (const url of ['https://example.com', 'https://1.1.1.1:8443/x?y=z', 'https://[2606:4700::1111]/', 'HTTPS://Example.com'])
    expect(made({ url })).not.toThrow()
})

test('a sink is named webhook, or as it is told', () => {
  expect(made({})().name).toBe('webhook')
  expect(made({ name: 'billing' })().name).toBe('billing')
})
