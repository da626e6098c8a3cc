import { expect, it } from 'vitest'

import { killWorkers } from '@/tests/support/killed-worker'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

it('R04: of the mails of a worker that is killed again and again none is lost and none is doubled', async () => {
  const done = await killWorkers(owner, harbour.supervisor, harbour.caseworker, 5)
  expect(done.kills).toBe(5)
  // Each once by its Message-ID, and none that nobody wanted.
  expect([...new Set(done.taken)].sort()).toEqual([...done.wanted].sort())
  // Only a mail that was under way when its process died is sent again.
  expect(done.taken.length - done.wanted.length).toBeLessThanOrEqual(done.kills)
  expect(done).toMatchObject({ sent: done.wanted.length, open: 0 })
}, 90_000)
