// Addresses: parsed once, one plain mailbox; the key is what two addresses are compared by.
import { describe, expect, test } from 'vitest'
import { maskEmail, maskPhone, parseEmail } from '../../src/domain/address.ts'

const keyOf = (text: string) => {
  const parsed = parseEmail(text)
  return parsed.ok ? parsed.value.key : null
}
const spelled = (code: number) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['Ada.Lovelace@Example.COM', 'ada.lovelace@example.com'],
  ['ada+team@example.com', 'ada+team@example.com'],
  ["o'hara@example.com", "o'hara@example.com"],
  ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
  ['1@2.example', '1@2.example'],
  ['ada@sub.domain.example.co.uk', 'ada@sub.domain.example.co.uk'],
  ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@BÜCHER.example', 'ada@xn--bcher-kva.example'],
  ['用户@例え.jp', '用户@xn--r8jz45g.jp'],
  ['почта@пример.рф', 'почта@xn--e1afmkfd.xn--p1ai'],
  ['Élodie@example.fr', 'Élodie@example.fr'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  [`ada@${'d'.repeat(63)}.com`, `ada@${'d'.repeat(63)}.com`],
  ['ada@mail.2go.example', 'ada@mail.2go.example'],
])('%s is an address', (text, key) => {
  expect(parseEmail(text)).toEqual({ ok: true, value: { text, key } })
})

test('254 characters are an address, and a domain may have 253', () => {
  const longest = `${'a'.repeat(64)}@${'d'.repeat(63)}.${'d'.repeat(63)}.${'d'.repeat(57)}.com`
  expect([longest.length, keyOf(longest)]).toEqual([254, longest])
  const domain = `${'xn--tda.'.repeat(30)}ddddddddd.com`
  expect([domain.length, keyOf(`a@${'ü.'.repeat(30)}ddddddddd.com`)]).toEqual([253, `a@${domain}`])
})

test('blanks around it are trimmed; the local part is kept and sent to as typed', () => {
  expect(parseEmail('  Ada@Example.com \t')).toEqual({ ok: true, value: { text: 'Ada@Example.com', key: 'ada@example.com' } })
})

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['blanks alone', '   '],
    ['a comma list', 'ada@example.com,bob@example.com'],
    ['a semicolon list', 'ada@example.com;bob@example.com'],
    ['a list by blanks', 'ada@example.com bob@example.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['angle brackets', '<ada@example.com>'],
    ['a comment', 'ada(work)@example.com'],
    ['a quoted local part', '"ada"@example.com'],
    ['a quoted at sign', '"a@b"@example.com'],
    ['an escape', 'a\\da@example.com'],
    ['two at signs', 'ada@bob@example.com'],
    ['no at sign', 'ada.example.com'],
    ['no local part', '@example.com'],
    ['no domain', 'ada@'],
    ['a dot first', '.ada@example.com'],
    ['a dot last', 'ada.@example.com'],
    ['two dots', 'a..da@example.com'],
    ['a blank in it', 'a da@example.com'],
    ['a bare host', 'ada@localhost'],
    ['an address literal', 'ada@[192.0.2.1]'],
    ['an IPv6 literal', 'ada@[IPv6:2001:db8::1]'],
    ['an IP address', 'ada@192.0.2.1'],
    ['an IP address that ends in two digits', 'ada@192.0.2.10'],
    ['a hexadecimal IP address', 'ada@0x7f.1'],
    ['a numeric top level', 'ada@example.123'],
    ['an empty label', 'ada@example..com'],
    ['a leading dot in the domain', 'ada@.example.com'],
    ['a root dot', 'ada@example.com.'],
    ['a hyphen first', 'ada@-example.com'],
    ['a hyphen last', 'ada@example-.com'],
    ['an underscore in the domain', 'ada@ex_ample.com'],
    ['a percent in the domain', 'ada@ex%61mple.com'],
    ['a port', 'ada@example.com:25'],
    ['a path', 'ada@example.com/x'],
    ['broken punycode', 'ada@xn--a.com'],
    ['a label of 64', `ada@${'d'.repeat(64)}.com`],
    ['a local part of 65 bytes', `${'a'.repeat(65)}@example.com`],
    ['a local part of 66 bytes in 33 letters', `${'é'.repeat(33)}@example.com`],
    ['255 characters', `ada@${`${'d'.repeat(60)}.`.repeat(4)}${'x'.repeat(7)}`],
    ['a domain that grows past 253 in ASCII', `a@${'ü.'.repeat(60)}example`],
    ['mailto', 'mailto:ada@example.com'],
    ['a header of its own', 'ada@example.com\r\nBcc: eve@example.com'],
  ])('%s', (_, text) => {
    expect(parseEmail(text)).toMatchObject({ ok: false, detail: expect.stringMatching(/^(is|has) /) })
  })

  test.each([
    ['', 'is empty'],
    [`${'a'.repeat(255)}@example.com`, 'is longer than 254 characters'],
    ['a\u200bda@example.com', 'has a character that cannot be seen'],
    ['ﬁn@example.com', 'has a character that looks like another'],
    ['ada', 'is not an e-mail address'],
    ['ada@', 'is not an e-mail address'],
    [`${'é'.repeat(33)}@example.com`, 'has more than 64 bytes before the @'],
    ['"ada"@example.com', 'is not one plain e-mail address'],
    ['ada@localhost', 'has no valid domain after the @'],
  ])('%j says what is wrong: it %s', (text, detail) => {
    expect(parseEmail(text)).toEqual({ ok: false, detail })
  })

  const hidden = [
    [0x00, 'a control character'],
    [0x0a, 'a line feed'],
    [0x7f, 'delete'],
    [0x85, 'a C1 control'],
    [0xad, 'the soft hyphen'],
    [0x200b, 'the zero-width space'],
    [0x200c, 'the zero-width non-joiner'],
    [0x200d, 'the zero-width joiner'],
    [0x2060, 'the word joiner'],
    [0xfeff, 'the byte order mark'],
    [0x200e, 'a left-to-right mark'],
    [0x202e, 'a right-to-left override'],
    [0x2066, 'an isolate'],
    [0x061c, 'the Arabic letter mark'],
    [0x2028, 'the line separator'],
    [0x034f, 'the combining grapheme joiner'],
    [0xfe0f, 'a variation selector'],
    [0x180b, 'a Mongolian variation selector'],
    [0x17b4, 'an inherent vowel'],
    [0x115f, 'a Hangul filler'],
    [0x3164, 'another Hangul filler'],
    [0x2800, 'the Braille blank'],
    [0xa0, 'the no-break space'],
    [0x3000, 'the wide space'],
    [0xe0061, 'a tag'],
    [0xd800, 'half a character'],
    [0xe000, 'a private character'],
    [0xffff, 'no character at all'],
  ] as const
  test.each(hidden.map(([code, name]) => [spelled(code), name, String.fromCodePoint(code)]))(
    '%s, %s, before the @ and after it',
    (_, __, char) => {
      expect(keyOf(`a${char}da@example.com`)).toBeNull()
      expect(keyOf(`ada@exam${char}ple.com`)).toBeNull()
    },
  )

  test.each([
    ['wide letters', 'ａda@example.com'],
    ['a wide domain', 'ada@ｅxample.com'],
    ['a wide at sign', 'ada＠example.com'],
    ['a wide dot', 'ada@example．com'],
    ['a ligature', 'ﬁn@example.com'],
    ['the Kelvin sign', 'ada@\u212aelvin.com'],
    ['an accent of its own', 'e\u0301lodie@example.com'],
    ['a raised digit', 'ada@example²'],
    ['an ideographic full stop', 'ada@example。com'],
  ])('what NFKC changes: %s', (_, text) => {
    expect(keyOf(text)).toBeNull()
  })
})

test('a masked address shows its first letter and its domain', () => {
  expect(maskEmail('ada@example.com')).toBe('a…@example.com')
  expect(maskEmail('a@example.com')).toBe('a…@example.com')
  expect(maskEmail('𝒶da@example.com')).toBe('𝒶…@example.com')
  expect(maskPhone('+15550155')).toBe('…55')
})
