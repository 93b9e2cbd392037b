// Tells what the host's own code threw from what the database did around it.

export interface Watch {
  readonly watch: <T>(work: () => T | Promise<T>) => Promise<T>
  readonly threw: (error: unknown) => boolean
}

export function createWatch(): Watch {
  const thrown: unknown[] = []
  return {
    async watch(work) {
      try {
        return await work()
      } catch (error) {
        thrown.push(error)
        throw error
      }
    },
    threw: error => thrown.includes(error),
  }
}
