// Codes are short: whoever guesses is stopped, and who knows one is not.
import { createTestInvites } from 'invitekit/testing'
import { expect, test } from 'vitest'

const codeOf = (error: unknown) => (error as { code?: string }).code
const recipient = { email: 'ada@example.com' }

async function given() {
  const test = await createTestInvites()
  const { code = '' } = await test.invites.create({ recipient, role: 'member', code: true }, { actor: test.actor.admin })
  return {
    ...test,
    code,
    guess: (input: string, actor = test.actor.user('eve@example.com')) => test.invites.preview({ code: input }, { actor }),
  }
}

test('a signed-in user may try 10 wrong codes in 10 minutes, and then not even the right one', async () => {
  const { guess, code, clock, actor } = await given()
  for (let at = 0; at < 10; at += 1) expect(await guess('0000000000').catch(codeOf)).toBe('invite_not_found')
  expect(await guess(code).catch(codeOf)).toBe('rate_limited')
  expect((await guess(code, actor.user('ada@example.com'))).status).toBe('pending')
  clock.advance('10m')
  expect((await guess(code)).status).toBe('pending')
})

test('right codes are not counted', async () => {
  const { guess, code } = await given()
  for (let at = 0; at < 15; at += 1) expect((await guess(code)).status).toBe('pending')
})

test('all callers together may try 1,000 wrong codes in an hour', async () => {
  const { invites, code } = await given()
  const guesses = Array.from({ length: 1000 }, () => invites.preview({ code: '0000000000' }).catch(codeOf))
  expect(new Set(await Promise.all(guesses))).toEqual(new Set(['invite_not_found']))
  const error = await invites.preview({ code }).catch(error => error.facts)
  expect(error).toEqual({ code: 'rate_limited', limit: 1000, retryAfter: 3600 })
})
