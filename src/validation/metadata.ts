// Checks metadata with the host's own schema (Standard Schema, https://standardschema.dev).

import { invalid } from '../api/error.ts'
import { inTime } from '../concurrency/timeout.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { Flaw } from '../domain/rejection.ts'
import type { MetadataSchema } from '../ports/metadata-schema.ts'
import { jsonObject } from './validators.ts'

/** The schema's output, as JSON. Throws `invalid_input` with the schema's own messages. */
export async function checkMetadata(
  schema: MetadataSchema<unknown> | undefined,
  metadata: JsonObject,
  path: string,
): Promise<JsonObject> {
  if (schema === undefined) return metadata
  const result = await inTime('metadata', schema['~standard'].validate(metadata))
  if (result.issues === undefined) return asJson(result.value, path)
  throw invalid(
    result.issues.map(issue => ({
      path: [path, ...(issue.path ?? []).map(part => String(typeof part === 'object' ? part.key : part))].join('.'),
      detail: issue.message,
    })),
  )
}

function asJson(value: unknown, path: string): JsonObject {
  const flaws: Flaw[] = []
  const json = jsonObject(value, path, flaws)
  if (flaws.length === 0) return json
  throw invalid(flaws.map(flaw => ({ ...flaw, detail: `${flaw.detail}, as the schema answers it` })))
}
