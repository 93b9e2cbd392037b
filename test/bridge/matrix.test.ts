// Every host × every body parser in front of the mount × every way to mount, over real sockets. The run ends with the table.
import { afterAll, describe, expect, test } from 'vitest'
import { echo } from './handles.ts'
import { hosts, mounts, parsers } from './hosts.ts'
import { serving } from './serving.ts'

const names = Object.keys(hosts)
const passed = new Map<string, number>()
const key = (...parts: readonly string[]) => parts.join(' · ')

const posts = [
  {
    type: 'application/json; charset=utf-8',
    body: '{"role":"member","recipient":{"email":"ada@example.com","fullName":"Ädä 🙂"}}',
  },
  { type: 'application/merge-patch+json', body: '{"role":null}' },
  { type: 'application/x-www-form-urlencoded', body: 'action=accept&token=a%2Bb&name=%C3%84+d' },
  { type: 'text/plain', body: 'just text, ä' },
  { type: 'application/octet-stream', body: 'bytes' },
]

interface Seen {
  readonly query: string
  readonly organizationId: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly clientAddress: string
  readonly body: string
  /** What the host's own route found of the body. */
  readonly host: string
}

const toSeen = async (response: Response) => (await response.json()) as Seen

const same = (type: string, body: string): unknown => {
  if (type.includes('json')) return JSON.parse(body)
  return type.includes('form') ? [...new URLSearchParams(body)] : body
}

describe.each(names)('%s', name => {
  describe.each(parsers)('parser: %s', parser => {
    test.each(mounts)('mount: %s', async mount => {
      const { url, caught } = await serving(name, { handle: echo, parser, mount })
      const post = (path: string, type: string, body: string) =>
        fetch(url + path, { method: 'POST', body, headers: { 'content-type': type, 'x-one': 'a', host: 'ignored' } })

      for (const { type, body } of posts) {
        const response = await post('/i/a%2Fb?x=1&x=2', type, body)
        expect(response.status, await response.clone().text()).toBe(200)
        const seen = await toSeen(response)
        expect(seen).toMatchObject({ method: 'POST', path: '/i/a%2Fb', userId: 'u' })
        expect([seen.query, seen.organizationId]).toEqual(['?x=1&x=2', mount === 'params' ? 'a b' : null])
        expect(seen.headers).toMatchObject({ 'x-one': 'a' })
        expect(seen.headers['content-type']).toContain(type.split(';')[0])
        expect(seen.clientAddress).toBe(mount === 'proxy' && name.startsWith('express') ? '203.0.113.9' : '127.0.0.1')
        expect(same(type, seen.body)).toEqual(same(type, body))
      }

      const bare = await fetch(`${url}/revoke`, { method: 'POST' })
      expect(await bare.json()).toMatchObject({ path: '/revoke', body: '' })
      const top = await fetch(`${url}?q=1`)
      expect(await top.json()).toMatchObject({ method: 'GET', path: '/', body: '' })

      const other = await post('/else', 'application/json', '{"kept":true}')
      expect(other.status).toBe(404)
      expect((await toSeen(other)).host).toContain('kept')
      expect(caught).toEqual([])
      passed.set(key(name, parser), (passed.get(key(name, parser)) ?? 0) + 1)
    })
  })
})

afterAll(() => {
  const rows = names.map(
    name => [name, parsers.map(parser => [parser, `${passed.get(key(name, parser)) ?? 0}/${mounts.length}`])] as const,
  )
  console.table(Object.fromEntries(rows.map(([name, cells]) => [name, Object.fromEntries(cells)])))
})
