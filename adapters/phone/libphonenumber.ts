// Parses phone numbers with libphonenumber-js. The package is optional, and its tables take longer to load than everything
// else, so it is loaded when the first phone number comes.
import type { CountryCode } from 'libphonenumber-js'
import type { PhoneParser } from '../../src/core.ts'

let loading: Promise<PhoneParser> | undefined

/** Rejects with an error that says what to install while the package is missing; the next call tries again. */
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
