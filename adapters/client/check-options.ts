// The options of createClient, checked when it is made: what is wrong is said with the way to mend it.
import type { ClientOptions } from './send.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`createClient: ${sentence}`)
}

const names = ['baseUrl', 'fetch', 'headers', 'retries'] satisfies (keyof ClientOptions)[]

export function checkClient(options: ClientOptions): ClientOptions {
  if (typeof options !== 'object' || options === null) stop("takes an object, such as { baseUrl: '/invites' }.")
  const unknown = Object.keys(options).find(key => !names.some(name => name === key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${names.join(', ')}.`)
  const { baseUrl, fetch, headers, retries = 0 } = options
  if (typeof baseUrl !== 'string')
    stop(
      "`baseUrl` must be where the API is: '/invites', or 'https://app.example.com/invites'." +
        (baseUrl === undefined ? ' It is undefined: is its variable set?' : ''),
    )
  if (fetch !== undefined && typeof fetch !== 'function') stop('`fetch` must be a function, or left out.')
  if (headers !== undefined && typeof headers !== 'function') checkHeaders(headers)
  if (!Number.isSafeInteger(retries) || retries < 0) stop('`retries` must be a whole number from 0.')
  return options
}

function checkHeaders(headers: Exclude<ClientOptions['headers'], (...none: never[]) => unknown>): void {
  try {
    new Headers(headers)
  } catch {
    stop("`headers` must be what fetch takes, such as { authorization: 'Bearer …' }, or a function that answers it.")
  }
}
