// The options of twilioTransport.

export interface TwilioOptions {
  /** The account's id, `AC…`, as the console shows it. */
  readonly accountSid: string
  /**
   * The account's auth token. It signs callbacks; several, while one is being replaced: the first signs in, all verify.
   * Without any, an `apiKey` signs in and callbacks are not read.
   */
  readonly authToken?: string | readonly [string, ...string[]] | undefined
  /** Signs in instead of the auth token: `{ sid: 'SK…', secret }`. */
  readonly apiKey?: { readonly sid: string; readonly secret: string } | undefined
  /** The sender: a number in E.164, a short code, or a name of up to 11 letters and digits. */
  readonly from?: string | undefined
  /** `MG…`: a Messaging Service that chooses the sender. Needed unless there is a `from`. */
  readonly messagingServiceSid?: string | undefined
  /**
   * Where Twilio reports to, if it is not `{publicUrl}/callbacks/{channel}`: an address that leads there. `false` asks for
   * no reports. By default none are asked for while `publicUrl` is on this machine, where Twilio could not reach it.
   */
  readonly statusCallback?: string | false | undefined
  /** Twilio's API: another region's, or a test's. Default `https://api.twilio.com`. */
  readonly baseUrl?: string | undefined
  /** How long one request may take, in milliseconds. Default 10,000. */
  readonly timeout?: number | undefined
  /** How many messages are sent at once. Default 5. */
  readonly maxInFlight?: number | undefined
  /** How many messages are started in a second, at most. Default: no limit. */
  readonly perSecond?: number | undefined
}
