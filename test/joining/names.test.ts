// `schema` and `tablePrefix`, the same through every library.
import { describe, expect, test } from 'vitest'
import { unique } from '../support/make.ts'
import { orgOf, useHost } from './host.ts'
import { forEachLibrary } from './libraries/all.ts'

forEachLibrary(library => {
  describe(library.name, () => {
    const host = useHost(library)

    test('tables stand in the schema and under the prefix that were given, joined calls too', async () => {
      const schema = unique('invitekit_test').replace('-', '_')
      const { pool } = host.database()
      try {
        const app = await host.open({ storageOptions: { schema, tablePrefix: 'team_' } })
        const org = orgOf(app)
        await org.create('ada@example.com')
        await app.transaction(tx => org.create('bob@example.com', tx))
        await app.invites.relay.drain()
        // Counts the try, in a table of its own.
        await expect(app.invites.preview({ code: 'AAAAA-AAAAA' })).rejects.toMatchObject({ code: 'invite_not_found' })
        expect(app.mails.toSorted()).toEqual(['ada@example.com', 'bob@example.com'])
        expect((await pool.query(`select email from ${schema}.team_invites order by 1`)).rows).toHaveLength(2)
        expect((await pool.query(`select to_regclass('invite_invites') as found`)).rows).toEqual([{ found: null }])
      } finally {
        await pool.query(`drop schema if exists ${schema} cascade`)
      }
    })
  })
})
