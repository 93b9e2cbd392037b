// The ways out, closed: one that cannot be holds up no other, and is told of.
import type { Settings } from './options/settings.ts'
import { orUnavailable } from './patience.ts'

/** Seconds. */
const most = 5

export async function closeDoors<Tx>({ transports, sinks, onError }: Settings<Tx>): Promise<void> {
  const doors = [...transports, ...sinks.map(sink => [sink.name, sink] as const)]
  await Promise.all(
    doors.map(([name, door]) =>
      orUnavailable(most * 1000, `\`close\` did not end in ${most} s`, async () => door.close?.()).catch(error =>
        onError(error, { where: `closing ${name}` }),
      ),
    ),
  )
}
