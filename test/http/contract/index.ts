// What every mount promises: the same answers over whatever carries them.
import { describe } from 'vitest'
import type { Serve } from './given.ts'
import { testGuards } from './guards.ts'
import { testInput } from './input.ts'
import { testPages } from './pages.ts'
import { testRefusals } from './refusals.ts'
import { testRoutes } from './routes.ts'
import { testTemplates } from './templates.ts'

export type { Hooks, Serve } from './given.ts'

export function httpContract(name: string, serve: Serve): void {
  describe(`${name}: routes`, () => testRoutes(serve))
  describe(`${name}: refusals`, () => testRefusals(serve))
  describe(`${name}: pages`, () => testPages(serve))
  describe(`${name}: input`, () => testInput(serve))
  describe(`${name}: templates`, () => testTemplates(serve))
  describe(`${name}: guards`, () => testGuards(serve))
}
