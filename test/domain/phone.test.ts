// Phones: E.164 by a parser that is handed in, which is not believed either.
import { expect, test } from 'vitest'
import { type PhoneParser, parsePhone } from '../../src/domain/address.ts'

const parser: PhoneParser = (text, country) => {
  const digits = text.replace(/[^\d+]/g, '')
  if (digits === '') return null
  return digits.startsWith('+') || country === undefined ? digits : `+49${digits.replace(/^0/, '')}`
}

test('a phone is E.164 by the parser that is handed in; what was typed is kept for display', () => {
  expect(parsePhone(' +1 (555) 010-0123 ', parser, undefined)).toEqual({
    ok: true,
    value: { text: '+1 (555) 010-0123', key: '+15550100123' },
  })
  expect(parsePhone('030 901820', parser, 'DE')).toEqual({ ok: true, value: { text: '030 901820', key: '+4930901820' } })
})

test.each([
  '',
  'ada',
  '030 901820',
  '+0123456789',
  '+123456',
  '+1234567890123456',
  `+1555010${' '.repeat(40)}0123`,
  '+1\u200b5550100123',
  '+1\u202e5550100123',
])('refused as a phone: %j', text => {
  expect(parsePhone(text, parser, undefined)).toMatchObject({ ok: false })
})

test('a refusal says what is wrong with what was typed; 40 characters are not too long', () => {
  const typed = `+15550100123${' '.repeat(27)}`
  expect(parsePhone(`${typed}4`, parser, undefined)).toMatchObject({ ok: true, value: { key: '+155501001234' } })
  expect(parsePhone(`${typed}45`, parser, undefined)).toEqual({ ok: false, detail: 'is longer than 40 characters' })
  expect(parsePhone('+1\u200b5550100123', parser, undefined)).toEqual({
    ok: false,
    detail: 'has a character that cannot be seen',
  })
})

test('a phone is E.164 and nothing around it, whatever the parser says', () => {
  for (const said of ['tel:+15550100123', '+15550100123;ext=1', '15550100123']) {
    expect(parsePhone('+1 555 010 0123', () => said, 'US')).toEqual({ ok: false, detail: 'is not a phone number' })
  }
})

test('without a default country the answer asks for the country code', () => {
  expect(parsePhone('x', parser, undefined)).toEqual({ ok: false, detail: 'is not a phone number with its country code' })
  expect(parsePhone('x', parser, 'DE')).toEqual({ ok: false, detail: 'is not a phone number' })
})
