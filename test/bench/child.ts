// A script of the bench as a process of its own.
import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Its first argument is `args` as JSON. */
export function startChild(script: string, args: unknown): ChildProcess {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  return fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(args)], { execArgv: ['--import', loader] })
}
