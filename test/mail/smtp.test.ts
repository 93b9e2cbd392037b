// Mail through a real SMTP server, parsed as the recipient's client parses it, and every way in which a server can refuse it.
import { afterEach, expect, test, vi } from 'vitest'
import { type SmtpOptions, smtpTransport } from '../../adapters/transport/smtp/index.ts'
import type { OutgoingMessage } from '../../src/index.ts'
import { type Behaviour, type Smtp, startSmtp } from '../support/smtp.ts'

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function given(behaviour: Behaviour = {}, options: Partial<SmtpOptions> = {}) {
  const server = await startSmtp(behaviour)
  const transport = smtpTransport({ url: server.url, from: 'Acme <team@acme.example>', ...options } as SmtpOptions)
  ends.push(server.close, () => transport.close?.())
  return { server, transport }
}

const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: '0192f1aa-0000-7000-8000-000000000001',
  to: 'bob@example.com',
  subject: 'Ada invites you',
  text: 'Come: https://app.example.com/invites/i/abc',
  html: '<p>Come: <a href="https://app.example.com/invites/i/abc">here</a></p>',
  headers: { 'List-Unsubscribe': '<https://app.example.com/u/x>' },
  signal: new AbortController().signal,
  ...fields,
})

const refusal = async (send: Promise<unknown>) => {
  const error = await send.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  return error as Error & { permanent: boolean; status: number | null }
}

const only = ({ inbox }: Smtp) => {
  expect(inbox).toHaveLength(1)
  return inbox[0]!
}

test('a mail arrives with text, HTML, its headers and one envelope', async () => {
  const { server, transport } = await given({}, { replyTo: 'help@acme.example' })
  const sent = await transport.send(message())
  const mail = only(server)
  expect(mail.envelope).toEqual({ from: 'team@acme.example', to: ['bob@example.com'] })
  expect(mail.email.from).toMatchObject({ name: 'Acme', address: 'team@acme.example' })
  expect(mail.email.replyTo).toMatchObject([{ address: 'help@acme.example' }])
  expect(mail.subject).toBe('Ada invites you')
  expect(mail.text).toContain('https://app.example.com/invites/i/abc')
  expect(mail.html).toContain('href="https://app.example.com/invites/i/abc"')
  expect(mail.headers).toMatchObject({
    'auto-submitted': 'auto-generated',
    'x-auto-response-suppress': 'All',
    'list-unsubscribe': '<https://app.example.com/u/x>',
  })
  expect(sent?.providerId).toBe(mail.messageId)
})

test('a second try of the same message has the same Message-ID, another message another', async () => {
  const { server, transport } = await given()
  await transport.send(message())
  await transport.send(message())
  await transport.send(message({ id: 'a b>\r\nX: y' }))
  const [first, second, third] = server.inbox.map(mail => mail.messageId)
  expect(first).toBe('<0192f1aa-0000-7000-8000-000000000001@acme.example>')
  expect(second).toBe(first)
  expect(third).toMatch(/^<[\w-]+@acme\.example>$/)
})

test('line breaks in a subject, a header or an address add no header and no recipient', async () => {
  const { server, transport } = await given()
  const evil = 'Hi\r\nBcc: eve@evil.example\r\n\r\n<h1>gone</h1>'
  await transport.send(message({ subject: evil, headers: { 'X-Note': evil } }))
  const mail = only(server)
  expect(mail.headers['bcc']).toBeUndefined()
  expect(mail.raw).not.toMatch(/^bcc:/im)
  expect(mail.envelope.to).toEqual(['bob@example.com'])
  expect(mail.html).not.toContain('gone')
  await transport.send(message({ to: 'bob@example.com, eve@evil.example' })).catch(() => {})
  expect(server.attempts('eve@evil.example')).toBe(0)
})

test('a name that looks like an encoded word is read as it was typed', async () => {
  const { server, transport } = await given()
  const name = '=?UTF-8?Q?https=3A=2F=2Fevil=2Ecom=0D=0A?='
  await transport.send(message({ subject: `${name} invites you`, senderName: name }))
  const { subject, email } = only(server)
  expect(subject).toMatch(/invites you$/)
  expect(`${subject}${email.from?.name}`).not.toMatch(/evil\.com|https:|[\r\n]/)
})

test('a text that looks like a file or an address is sent as it stands', async () => {
  const { server, transport } = await given()
  await transport.send(message({ text: 'file:///etc/passwd', html: '<p>http://127.0.0.1/x</p>' }))
  expect(only(server).text.trim()).toBe('file:///etc/passwd')
})

test('5xx to the mail is permanent, and the error has our words and the code only', async () => {
  const { transport } = await given({ refuse: () => true })
  const error = await refusal(transport.send(message()))
  expect(error).toMatchObject({ permanent: true, status: 550, message: 'The mail server does not take the address (550).' })
  expect(JSON.stringify({ ...error, cause: error.cause })).not.toContain('No such mailbox')
})

test('an address beyond ASCII reaches a server that takes such, and is refused for good by one that does not', async () => {
  const to = 'jürgen@bücher.example'
  const { server, transport } = await given()
  await transport.send(message({ to }))
  expect(only(server).envelope.to).toEqual([to])
  const old = await given({ ascii: true })
  expect(await refusal(old.transport.send(message({ to })))).toMatchObject({
    permanent: true,
    message: 'The mail server does not take the address (553).',
  })
  await old.transport.send(message({ to: 'bob@bücher.example' }))
  expect(only(old.server).raw).toContain('To: bob@xn--bcher-kva.example')
})

test('a reply-to address that no header takes is refused for good, and sent to nobody', async () => {
  const { server, transport } = await given()
  const error = await refusal(transport.send(message({ replyTo: ['help@bücher.example', 'jürgen@acme.example'] })))
  expect(error).toMatchObject({ permanent: true, status: null })
  expect(error.message).toBe('A reply-to address has other than ASCII characters before its @.')
  expect(server.inbox).toEqual([])
  await transport.send(message({ replyTo: ['help@bücher.example'] }))
  expect(only(server).raw).toContain('Reply-To: help@xn--bcher-kva.example')
})

test('4xx is temporary: after greylisting the second try goes through', async () => {
  const { server, transport } = await given({ greylist: (_, attempt) => attempt === 1 })
  const error = await refusal(transport.send(message()))
  expect(error).toMatchObject({ permanent: false, status: 451, message: 'The mail server asks to try again later (451).' })
  await transport.send(message())
  only(server)
})

test('a server that hangs is given up after socketTimeout', async () => {
  const { transport } = await given({ hang: () => true }, { socketTimeout: 200 })
  const error = await refusal(transport.send(message()))
  expect(error).toMatchObject({ permanent: false, status: null })
})

test('the signal ends a try that hangs, and the pool goes on with the next mail', async () => {
  const { server, transport } = await given({ hang: address => address === 'bob@example.com' }, { maxInFlight: 1 })
  const error = await refusal(transport.send(message({ signal: AbortSignal.timeout(100) })))
  expect(error).toMatchObject({ permanent: false, message: 'The try was stopped before the mail server took the mail.' })
  await transport.send(message({ to: 'eva@example.com' }))
  only(server)
  expect(await refusal(transport.send(message({ signal: AbortSignal.abort() })))).toMatchObject({ permanent: false })
})

test('a line that breaks after the mail was taken is temporary: the next try repeats it under the same id', async () => {
  const { server, transport } = await given({ drop: (_, attempt) => attempt === 1 })
  expect(await refusal(transport.send(message()))).toMatchObject({ permanent: false, status: null })
  await transport.send(message())
  expect(new Set(server.inbox.map(mail => mail.messageId)).size).toBe(1)
})

test('no server at all is temporary', async () => {
  const { server, transport } = await given()
  await server.close()
  ends.shift()
  const error = await refusal(transport.send(message()))
  expect(error).toMatchObject({ permanent: false, status: null, message: 'The mail server could not be reached.' })
})

test('after close the pool is open again for who still sends', async () => {
  const { server, transport } = await given()
  await transport.send(message())
  await transport.close?.()
  await transport.close?.()
  await transport.send(message())
  expect(server.inbox).toHaveLength(2)
})

test('options that cannot work are refused at once, with the way to mend them and no secret', () => {
  const wrong = (options: object) => () =>
    smtpTransport({ url: 'smtp://127.0.0.1', from: 'a@acme.example', ...options } as SmtpOptions)
  expect(wrong({ url: 'https://u:hunter2@mail.example' })).toThrow(/`url` must be smtp:\/\/host:port or smtps/)
  expect(wrong({ url: 'https://u:hunter2@mail.example' })).not.toThrow(/hunter2/)
  expect(wrong({ url: undefined })).toThrow(/needs `url`, such as smtp:.* `url` is undefined: is its environment variable set/)
  expect(wrong({ url: '' })).toThrow(/`url` must be smtp:\/\/host:port.* `url` is empty: is its environment variable set/)
  expect(wrong({ url: undefined, host: '' })).toThrow(/needs `url`/)
  expect(() => smtpTransport(undefined as never)).toThrow(/^smtpTransport: takes an object, such as \{ url/)
  expect(() => smtpTransport({ host: undefined, from: 'a@acme.example' } as never)).toThrow(/`host` is undefined/)
  expect(wrong({ from: undefined })).toThrow(/`from` must be one address.* `from` is undefined: is its environment/)
  const auth = { user: 'u', pass: undefined }
  expect(wrong({ url: undefined, host: 'mail.example', auth })).toThrow(/`auth.pass` is undefined: is its environment variable/)
  expect(wrong({ perSec: 5 })).toThrow(/there is no option `perSec`; the options are url, host/)
  expect(wrong({ perSecond: '5' })).toThrow(/`perSecond` must be more than 0/)
  expect(wrong({ url: undefined, host: 'mail.example', auth: { user: 'u' } })).toThrow(/`auth` needs `user` and `pass`/)
  expect(wrong({ host: 'mail.example' })).toThrow(/both `url` and `host`/)
  for (const from of [
    undefined,
    '',
    'Acme',
    'a@b@c',
    'a@acme.example, b@acme.example',
    'A <a@acme.example>\r\nBcc: x@y.example',
  ]) {
    expect(wrong({ from })).toThrow(/`from` must be one address, such as/)
  }
  expect(wrong({ replyTo: 'jürgen@acme.example' })).toThrow(/`replyTo` must have only ASCII characters before the @/)
  expect(wrong({ replyTo: 'help@bücher.example' })).not.toThrow()
  expect(wrong({ socketTimeout: 0 })).toThrow(/`socketTimeout` must be a whole number above 0/)
  expect(wrong({ from: '"Acme, Inc." <team@acme.example>' })).not.toThrow()
})

test('without nodemailer the first mail says what to install', async () => {
  vi.doMock('nodemailer', () => {
    throw new Error('Cannot find package')
  })
  const transport = smtpTransport({ url: 'smtp://127.0.0.1:9', from: 'a@acme.example' })
  await expect(transport.send(message())).rejects.toThrow(
    /needs the package nodemailer, which is not installed: npm install nodemailer/,
  )
  vi.doUnmock('nodemailer')
})
