// Killed at step after step of its life, and at random: some 230 deaths over both databases.
import { expect, test } from 'vitest'
import { broken, type Death, type Round, runRounds } from './rounds.ts'

/** A life has about 260 steps on SQLite and 190 on Postgres: the odd ones on one, the even ones on the other. */
const lives = { sqlite: { first: 1, steps: 240 }, postgres: { first: 2, steps: 190 } } as const
const every = ({ first, steps }: { first: number; steps: number }): Death[] =>
  Array.from({ length: steps / 2 }, (_, n) => ({ step: first + 2 * n }))
const random = (count: number): Death[] => Array.from({ length: count }, () => ({ after: Math.floor(Math.random() * 700) }))

const killed = (rounds: readonly Round[]) => rounds.filter(({ end }) => end === 'SIGKILL')

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: nothing is lost and nothing leaves early, whenever the process is killed`, async () => {
    const rounds = await runRounds(kind, [...every(lives[kind]), ...random(15)], 8)
    const dead = killed(rounds)
    const repeated = rounds.reduce((sum, round) => sum + round.repeated, 0)
    console.log(`${kind}: ${rounds.length} rounds, ${dead.length} killed, ${repeated} mails repeated`)
    expect(broken(rounds)).toEqual([])
    expect(dead.length).toBeGreaterThan(90)
    expect([...new Set(dead.map(({ last }) => last))].sort()).toEqual(expect.arrayContaining(edges))
  })
}

/** Where a crash hurts most: each must have been hit. */
const edges = ['after commit', 'after send', 'after settle', 'before commit', 'before send', 'before settle']
