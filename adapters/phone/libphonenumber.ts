// Phone numbers by libphonenumber-js, loaded when the first one comes: its tables take longer to load than all the rest.
import type { CountryCode } from 'libphonenumber-js'
import type { PhoneParser } from '../../src/core.ts'

let loading: Promise<PhoneParser> | undefined

/** The parser; without the package an error that names it. */
export function loadPhoneParser(): Promise<PhoneParser> {
  loading ??= import('libphonenumber-js').then(
    ({ parsePhoneNumberFromString }) =>
      (text, country) => {
        const number = parsePhoneNumberFromString(text, country as CountryCode | undefined)
        return number?.isValid() ? number.number : null
      },
    (cause: unknown) => {
      loading = undefined
      throw new Error('invitekit: phone numbers need `npm install libphonenumber-js`, or the option `phone`.', { cause })
    },
  )
  return loading
}
