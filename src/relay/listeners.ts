// Listeners of events inside this process: mitt behind `on`. Its types are read as CommonJS under NodeNext, hence the cast.

import type { Emitter, EventType, Handler } from 'mitt'
import * as mittModule from 'mitt'
import { inviteEventTypes } from '../domain/event.ts'
import type { Settings } from '../options/settings.ts'
import type { InviteEvent } from '../ports/sink.ts'

type Listener = (event: InviteEvent) => void | Promise<void>

const mitt = mittModule.default as unknown as <Events extends Record<EventType, unknown>>() => Emitter<Events>

export interface Listeners {
  on(type: string, listener: Listener): () => void
  /** Whether there is a listener of this type; without a type, of any. */
  hears(type?: string): boolean
  /** Settles when every listener has. */
  emit(event: InviteEvent): Promise<void>
}

const types: readonly string[] = inviteEventTypes

/** A listener that throws is reported to `onError`; the event is not given to it again. */
export function createListeners(onError: Settings['onError']): Listeners {
  const emitter = mitt<Record<string, InviteEvent>>()
  // Handlers run synchronously inside emit, so what they push belongs to that one emit.
  let running: Promise<void>[] = []
  const handlerOf =
    (listener: Listener): Handler<InviteEvent> =>
    event => {
      // A copy for each, so that no listener sees what another has changed.
      const run = async () => listener(structuredClone(event))
      running.push(run().catch(error => onError(error, { where: `a listener of ${event.type}` })))
    }
  return {
    on(type, listener) {
      if (type !== '*' && !types.includes(type))
        throw new TypeError(
          `invitekit: there is no event ${JSON.stringify(type)}; there are ${types.join(', ')}, and '*' for all`,
        )
      if (typeof listener !== 'function') throw new TypeError('invitekit: `on` takes an event and a function that hears of it')
      const handler = handlerOf(listener)
      if (type !== '*') {
        emitter.on(type, handler)
        return () => emitter.off(type, handler)
      }
      const all = (_: string, event: InviteEvent) => handler(event)
      emitter.on('*', all)
      return () => emitter.off('*', all)
    },
    hears(type) {
      const isHeard = (name: string) => (emitter.all.get(name)?.length ?? 0) > 0
      return type === undefined ? [...emitter.all.keys()].some(name => isHeard(String(name))) : isHeard(type) || isHeard('*')
    },
    async emit(event) {
      running = []
      emitter.emit(event.type, event)
      await Promise.all(running)
    },
  }
}
