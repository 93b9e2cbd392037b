// Every option has its check: a table that lacks one, or has one too many, does not compile. Checked by tsc.
import { asGiven, type InvitesOptions, type OptionChecks, type RelayOptions } from 'invitekit'
import type { ExpressOptions } from 'invitekit/express'
import type { HonoOptions } from 'invitekit/hono'
import type { HandlerOptions, ListenerOptions } from 'invitekit/http'
import type { KoaOptions } from 'invitekit/koa'
import { mountChecks } from '../../adapters/http/handler/check-options.ts'
import { optionChecks } from '../../src/options/settings.ts'

interface SinkOptions {
  readonly url: string
  readonly tenant?: string | undefined
}

type Place = { readonly url: string; readonly host?: undefined } | { readonly host: string; readonly port?: number }

export function aTableIsComplete() {
  const complete = { url: asGiven, tenant: asGiven } satisfies OptionChecks<SinkOptions>
  // @ts-expect-error the optional `tenant` has no check
  const lacking = { url: asGiven } satisfies OptionChecks<SinkOptions>
  // @ts-expect-error there is no option `secret`
  const tooMany = { url: asGiven, tenant: asGiven, secret: asGiven } satisfies OptionChecks<SinkOptions>
  // @ts-expect-error `tenant` may be left out, so its check must take undefined
  const strict = { url: asGiven, tenant: (tenant: string) => tenant } satisfies OptionChecks<SinkOptions>
  // @ts-expect-error `port` is an option of one member of the union only, and has no check
  const union = { url: asGiven, host: asGiven } satisfies OptionChecks<Place>
  return [complete, lacking, tooMany, strict, union]
}

export function anOptionThatIsAddedNeedsACheck() {
  const today: OptionChecks<InvitesOptions<unknown>> = optionChecks
  // @ts-expect-error the table of createInvites has no check for the new option
  const tomorrow: OptionChecks<InvitesOptions<unknown> & { readonly quietHours?: string | undefined }> = optionChecks
  // @ts-expect-error nor is it the table of another object
  const relay: OptionChecks<RelayOptions> = optionChecks
  return [today, tomorrow, relay]
}

/** The options of every mount, but for the profile, which is taken out before they are checked. */
type MountOption = Exclude<
  keyof ExpressOptions | keyof HonoOptions | keyof KoaOptions | keyof ListenerOptions | keyof HandlerOptions,
  'profile'
>

export const everyMountOptionHasItsCheck: Readonly<Record<MountOption, unknown>> = mountChecks
// @ts-expect-error an option of a mount that has no check
export const aMountOptionWithoutOne: Readonly<Record<MountOption | 'bodyLimit', unknown>> = mountChecks
