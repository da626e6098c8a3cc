import { describe, expect, it } from 'vitest'

import { amendService } from '@/lib/assistance/services/amend-service'
import { readServiceNotes } from '@/lib/assistance/services/note-service'
import { amendServiceInput } from '@/lib/assistance/services/schema'
import { loggedContact, loggedService, openNeed, send } from '@/tests/factories/assistance'
import { openedCase, valueOf } from '@/tests/factories/cases'
import { failAtStatement } from '@/tests/support/failing-statements'
import { harbour, inOneOffice, owner } from '@/tests/support/one-office'

inOneOffice()

const TABLES = [
  'service',
  'service_mandate',
  'service_detail',
  'service_note',
  'service_version',
  'need',
  'task',
  'contact_entry',
  'contact_text',
  'audit_event',
  'case_service_count',
  'rollup_delta',
]

/** Everything that the use cases of assistance write, as text, but for refusals and sessions. */
async function everything(): Promise<string> {
  const rows = await Promise.all(
    TABLES.map((table) => owner.unsafe(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`)),
  )
  return JSON.stringify(rows)
}

/** Without the audit, as when its storage is full. */
async function withBrokenLog(work: () => Promise<void>): Promise<void> {
  await owner`ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (false) NOT VALID`
  try {
    await work()
  } finally {
    await owner`ALTER TABLE audit_event DROP CONSTRAINT broken`
  }
}

describe('a service and all that comes with it', () => {
  it('T09: is written whole or not at all, whichever statement fails', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const need = await openNeed(harbour.caseworker, { case: on, category: 'social' })
    const log = () =>
      send(harbour.caseworker, {
        case: on,
        category: 'social',
        type: 'transport',
        need: need.code,
        note: 'Kind words',
        followUpOn: '2999-01-01',
      })
    const before = await everything()
    let statement = 0
    for (;;) {
      statement += 1
      const { hasFailed } = await failAtStatement(statement, log)
      if (!hasFailed) break
      expect(await everything(), `after statement ${String(statement)} failed`).toBe(before)
    }
    expect(statement).toBeGreaterThan(12)
    expect(await everything()).not.toBe(before)
  })

  it('T09: so is an amendment that moves it to other paragraphs', async () => {
    const service = await loggedService(harbour.caseworker)
    const input = amendServiceInput.parse({
      service: service.code,
      version: 1,
      reason: 'It was a permit',
      category: 'residency',
      type: 'temporary_permit',
      note: 'Kind words',
    })
    const before = await everything()
    let statement = 0
    for (;;) {
      statement += 1
      const { hasFailed } = await failAtStatement(statement, () => amendService(harbour.caseworker, input))
      if (!hasFailed) break
      expect(await everything(), `after statement ${String(statement)} failed`).toBe(before)
    }
    expect(statement).toBeGreaterThan(10)
  })
})

describe('without its log', () => {
  it('trap T6: nothing is written', async () => {
    const { code: on } = await openedCase(harbour.caseworker)
    const before = await everything()
    await withBrokenLog(async () => {
      await expect(send(harbour.caseworker, { case: on, category: 'legal', type: 'civil_documents' })).rejects.toThrow()
      await expect(openNeed(harbour.caseworker, { case: on })).rejects.toThrow()
      await expect(loggedContact(harbour.caseworker, { case: on })).rejects.toThrow()
    })
    expect(await everything()).toBe(before)
  })

  it('invariant 2: no note is opened', async () => {
    const service = await loggedService(harbour.caseworker, { note: 'Kind words' })
    await withBrokenLog(async () => {
      await expect(readServiceNotes(harbour.caseworker, { service: service.code })).rejects.toThrow()
    })
    expect(valueOf(await readServiceNotes(harbour.caseworker, { service: service.code }))).toHaveLength(1)
  })
})
