import { expect, it } from 'vitest'

import { killWorkers } from '@/tests/support/killed-worker'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

it('R04: of the mails of a worker that is killed fifty times none is lost and none is doubled', async () => {
  const done = await killWorkers(owner, harbour.supervisor, harbour.caseworker, 50)
  expect(done.kills).toBe(50)
  expect([...new Set(done.taken)].sort()).toEqual([...done.wanted].sort())
  expect(done.taken.length - done.wanted.length).toBeLessThanOrEqual(done.kills)
  expect(done).toMatchObject({ sent: done.wanted.length, open: 0 })
}, 600_000)
