// The handler of a mount, with the profile that its options name.
import type { Handle } from '../../handler/exchange.ts'
import * as handler from '../../handler/handler.ts'
import type { HandleOptions } from '../../handler/options.ts'
import type { Profile, ProfileOption } from '../../handler/profile.ts'
import type { AnyInvites } from '../../handler/route.ts'
import { native } from '../../profiles/native/index.ts'

/** The profile of a mount: the native API unless its options say otherwise. */
export const profileOf = (options: ProfileOption): Profile => options.profile ?? native

/**
 * The API as one function of a request, for a mount of your own. It answers undefined where no route has the path, answers every
 * refusal itself, and throws what nobody expected.
 */
export function createHandle(invites: AnyInvites, options: HandleOptions & ProfileOption): Handle {
  // As they are where there is no profile: the check of the options tells what is wrong with anything else.
  if (options?.profile === undefined) return handler.createHandle(invites, native, options)
  const { profile, ...others } = options
  return handler.createHandle(invites, profile, others)
}
