// Port: the host's schema for metadata, from any library with Standard Schema version 1 (https://standardschema.dev).

export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export type Result<T> = { readonly value: T; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

/** The part of Standard Schema that is used here. */
export interface MetadataSchema<T, Input = unknown> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<T> | Promise<Result<T>>
    readonly types?: { readonly input: Input; readonly output: T } | undefined
  }
}
