// Killed at a step, or at a moment, and started again: a sample. The long rounds are in kills.long.ts.
import { expect, test } from 'vitest'
import { broken, type Death, runRounds } from './rounds.ts'

const sample: readonly Death[] = [
  null,
  ...Array.from({ length: 7 }, (_, n) => ({ step: 5 + n * 22 })),
  { after: 60 },
  { after: 150 },
]

for (const kind of ['sqlite', 'postgres'] as const) {
  test.concurrent(`${kind}: nothing is lost and nothing leaves early, also when the process is killed in between`, async () => {
    const rounds = await runRounds(kind, sample)
    expect(broken(rounds)).toEqual([])
    expect(rounds.filter(({ end }) => end === 'SIGKILL').length).toBeGreaterThan(5)
  }, 60_000)
}
