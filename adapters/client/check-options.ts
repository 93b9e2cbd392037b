// The options of createClient, checked when it is made.
import { type OptionChecks, type Refuse, refuseAs, runChecks } from '../../src/core.ts'
import type { ClientOptions } from './send.ts'

const refuse: Refuse = refuseAs('createClient')

const checks = {
  baseUrl: baseUrl =>
    typeof baseUrl === 'string'
      ? baseUrl
      : refuse(
          "`baseUrl` must be where the API is: '/invites', or 'https://app.example.com/invites'." +
            (baseUrl === undefined ? ' It is undefined: is its variable set?' : ''),
        ),
  fetch: fetch =>
    fetch === undefined || typeof fetch === 'function' ? fetch : refuse('`fetch` must be a function, or left out.'),
  headers(headers) {
    try {
      if (typeof headers !== 'function') new Headers(headers)
      return headers
    } catch {
      return refuse("`headers` must be what fetch takes, such as { authorization: 'Bearer …' }, or a function that answers it.")
    }
  },
  retries: (retries = 2) =>
    Number.isSafeInteger(retries) && retries >= 0 ? retries : refuse('`retries` must be a whole number from 0.'),
} satisfies OptionChecks<ClientOptions>

export function checkClient(options: ClientOptions): ClientOptions {
  if (typeof options !== 'object' || options === null) refuse("takes an object, such as { baseUrl: '/invites' }.")
  return runChecks(options, checks, { refuse })
}
