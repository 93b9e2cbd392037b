// Sinks that are switched off: kept in storage, so that every process knows.

/** A sink that asked for no event ever again. */
export interface DisabledSink {
  /** The sink's name. */
  readonly name: string
  readonly disabledAt: Date
  /** Our words and a status code. */
  readonly reason: string
}

export interface DisabledSinks<Tx> {
  /** True when it was on until now: of many that say so at once, one is told. The first reason stays. */
  disable(sink: DisabledSink): Promise<boolean>
  /** True when it was off. */
  enable(name: string): Promise<boolean>
  /** In the order of their names. */
  list(tx?: Tx): Promise<readonly DisabledSink[]>
}
