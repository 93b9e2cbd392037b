// The storage contract on the reference, and what only memory has to say.
import { describe, expect, test } from 'vitest'
import { type MemoryTx, memoryStorage } from '../../adapters/storage/memory/index.ts'
import { storageContract } from '../contract/storage/contract.ts'
import { roomIn, type Subject } from '../contract/storage/subject.ts'
import { byEmail, changes, delivery, personal } from '../support/make.ts'

const make = async (): Promise<Subject<MemoryTx>> => {
  const storage = memoryStorage()
  await storage.migrate()
  return { storage, close: () => storage.close() }
}

storageContract('memory', make, { joins: false, awaits: true, locks: false })

describe('memory', () => {
  test('two stores share nothing', async () => {
    const [one, two] = [await make(), await make()]
    const room = roomIn(one)
    const invite = personal(room.org)
    await room.write({ made: [invite] })
    expect(await roomIn(two, room.org).get(invite)).toBeUndefined()
  })

  test('a commit is taken as it was when it was called', async () => {
    const room = roomIn(await make())
    const invite = personal(room.org, { createdAt: new Date(1) })
    const committing = room.storage.commit(changes(room.org, 0, { made: [invite] }))
    invite.createdAt.setTime(0)
    await committing
    expect((await room.get(invite))?.createdAt).toEqual(new Date(1))
  })

  test('a second pending invite at one address throws', async () => {
    const room = roomIn(await make())
    const recipient = byEmail()
    await room.write({ made: [personal(room.org, { recipient })] })
    const twin = changes(room.org, 1, { made: [personal(room.org, { recipient })] })
    await expect(room.storage.commit(twin)).rejects.toThrow('pending at one address')
  })

  test('beforeCommit may write more in its own transaction, which goes the way of the commit', async () => {
    const room = roomIn(await make())
    const { storage, org } = room
    const invites = [personal(org), personal(org)] as const
    const more = (tx: MemoryTx) => room.write({ made: [invites[1]] }, tx)
    const refuse = async (tx: MemoryTx) => {
      await more(tx)
      throw new Error('no')
    }
    await expect(storage.commit(changes(org, 0, { made: [invites[0]] }), { beforeCommit: refuse })).rejects.toThrow('no')
    expect(await room.revision()).toBe(0)
    await storage.commit(changes(org, 0, { made: [invites[0]] }), { beforeCommit: more })
    expect(await room.revision()).toBe(2)
    expect(await room.get(invites[1])).toEqual(invites[1])
  })

  test('beforeCommit sees what its commit took away as gone', async () => {
    const room = roomIn(await make())
    const invite = personal(room.org)
    await room.write({ made: [invite], messages: [delivery(invite)] })
    const left: number[] = []
    const commit = changes(room.org, 1, { erased: [invite.id] })
    await room.storage.commit(commit, {
      beforeCommit: async tx => void left.push((await room.storage.lists.deliveries([invite.id], tx)).length),
    })
    expect(left).toEqual([0])
  })

  test('a transaction that is none, or over, is refused', async () => {
    const { storage, org } = roomIn(await make())
    const lent: MemoryTx[] = [{ storage: 'memory' }]
    await storage.commit(changes(org, 0), { beforeCommit: tx => void lent.push(tx) })
    for (const tx of lent) {
      await expect(storage.commit(changes(org, 1), { tx })).rejects.toThrow('beforeCommit')
      await expect(storage.touch(org, tx)).rejects.toThrow('beforeCommit')
    }
  })
})
