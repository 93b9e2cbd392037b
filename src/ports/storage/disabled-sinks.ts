// Storage port: disabled sinks, stored so that every process knows of them.

/** A sink that is disabled because its receiver is gone, until `relay.enable(name)`. */
export interface DisabledSink {
  /** The sink's name. */
  readonly name: string
  readonly disabledAt: Date
  /** Why, with a status code; never the receiver's own text. */
  readonly reason: string
}

/** Disabled sinks. For authors of a storage. */
export interface DisabledSinks<Tx> {
  /** True when it was enabled until now. Of several calls at once one gets true; the first reason stays. */
  disable(sink: DisabledSink): Promise<boolean>
  /** True when it was disabled. Repeating it is harmless. */
  enable(name: string): Promise<boolean>
  /** All of them, ordered by name. */
  list(tx?: Tx): Promise<readonly DisabledSink[]>
}
