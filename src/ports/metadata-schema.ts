// A schema of the host's for metadata: any library that speaks Standard Schema (https://standardschema.dev), version 1.

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
