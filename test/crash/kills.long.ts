// Killed at step after step of its life, and at random: some 330 deaths over both databases.
import { expect, test } from 'vitest'
import { broken, type Death, type Round, runRounds } from './rounds.ts'

/** A life has about 165 steps. */
const every: readonly Death[] = Array.from({ length: 160 }, (_, n) => ({ step: n + 1 }))
const random = (count: number): Death[] => Array.from({ length: count }, () => ({ after: Math.floor(Math.random() * 700) }))

const killed = (rounds: readonly Round[]) => rounds.filter(({ end }) => end === 'SIGKILL')

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: nothing is lost and nothing leaves early, whenever the process is killed`, async () => {
    const rounds = await runRounds(kind, [...every, ...random(15)], 8)
    const dead = killed(rounds)
    const repeated = rounds.reduce((sum, round) => sum + round.repeated, 0)
    console.log(`${kind}: ${rounds.length} rounds, ${dead.length} killed, ${repeated} mails repeated`)
    expect(broken(rounds)).toEqual([])
    expect(dead.length).toBeGreaterThan(150)
    expect([...new Set(dead.map(({ last }) => last))].sort()).toEqual(expect.arrayContaining(edges))
  })
}

/** Where a crash hurts most: each must have been hit. */
const edges = ['after commit', 'after send', 'after settle', 'before commit', 'before send', 'before settle']
