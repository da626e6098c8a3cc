import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { LOCALES } from '@/lib/i18n/locale'
import { messagesOf } from '@/lib/i18n/messages'
import { EVENT_TYPES } from '@/lib/audit/event-types'
import { CATEGORY_KEYS, CATEGORY_PARAGRAPH, SERVICE_TYPES } from '@/lib/mandate/categories'
import { PARAGRAPH_KEYS } from '@/lib/mandate/rules'
import { NOTICE_KINDS } from '@/lib/notifications/schema'
import { ownerOf } from '@/tests/factories/office'
import { testDatabase, type TestDatabase } from '@/tests/support/database'

/** Written by the operator's command line, which has no actor and so doesn't go through `record`. */
const BY_OPERATORS = [
  'audit.exported',
  'backup.restored',
  'installation.clock-moved',
  'installation.demonstration-loaded',
  'network.created',
]

/** What is about people and work, not about accounts: events that administrators don't read. */
const OF_WORK = [
  'person',
  'identity',
  'safe-contact',
  'case',
  'assignment',
  'need',
  'service',
  'service-note',
  'contact',
  'task',
]
const ALSO_OF_WORK = [
  'cube',
  'disparity',
  'oversight-sample',
  'emergency-access',
  'finding',
  'hand-over',
  'import',
  'notice',
  'consent',
  'sharing-exception',
  'disclosure',
  'statement',
  'room',
  'referral',
  'own-file',
  'referral-package',
  'paper-referral',
  'case-grant',
  'turned-away',
  'complaint',
  'complaint-slip',
  'saved-view',
  'audit-report',
]

let database: TestDatabase
let owner: postgres.Sql

beforeAll(async () => {
  database = await testDatabase()
  owner = ownerOf(database)
})
afterAll(async () => {
  await owner.end()
  await database.drop()
})

describe('the database and the code say the same', () => {
  it('of the paragraphs of the resolution, in its order', async () => {
    const rows = await owner<{ paragraph: string }[]>`SELECT paragraph FROM mandate_paragraph ORDER BY sort`
    expect(rows.map(({ paragraph }) => paragraph)).toEqual([...PARAGRAPH_KEYS])
  })

  it('of the six categories, their paragraphs and their service types', async () => {
    const categories = await owner<{ category: string; paragraph: string }[]>`
      SELECT category, paragraph FROM assistance_category ORDER BY sort`
    expect(categories.map(({ category }) => category)).toEqual([...CATEGORY_KEYS])
    expect(Object.fromEntries(categories.map(({ category, paragraph }) => [category, paragraph]))).toEqual(
      CATEGORY_PARAGRAPH,
    )
    const types = await owner<{ category: string; types: string[] }[]>`
      SELECT t.category, array_agg(t.type ORDER BY t.sort) AS types FROM service_type t GROUP BY t.category`
    expect(Object.fromEntries(types.map((row) => [row.category, row.types]))).toEqual(SERVICE_TYPES)
  })

  it('of what members can be told of', async () => {
    const rows = await owner<{ kind: string }[]>`SELECT kind FROM notice_kind`
    expect(rows.map(({ kind }) => kind).sort()).toEqual([...NOTICE_KINDS].sort())
  })

  it('T7: of what an event may be called, but for those that its own functions and operators write', async () => {
    const rows = await owner<{ type: string; written: boolean }[]>`
      SELECT t.type, EXISTS (
        SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'app' AND p.prosrc LIKE '%''' || t.type || '''%') AS written
      FROM audit_event_type t`
    const inDatabase = rows.map(({ type }) => type)
    const known = new Set<string>([...EVENT_TYPES, ...BY_OPERATORS])
    expect(EVENT_TYPES.filter((type) => !inDatabase.includes(type))).toEqual([])
    expect(rows.filter(({ type, written }) => !known.has(type) && !written).map(({ type }) => type)).toEqual([])
  })

  it('of which events administrators read: each change is about accounts or about work, and no look is theirs', async () => {
    const rows = await owner<{ type: string; action: string; accounts: boolean }[]>`
      SELECT type, action, of_accounts AS accounts FROM audit_event_type ORDER BY type`
    const work = new Set([...OF_WORK, ...ALSO_OF_WORK])
    const changes = rows.filter(({ action }) => !['list', 'read', 'search', 'refusal'].includes(action))
    const said = changes.filter(({ accounts, type }) => accounts || work.has(type.split('.')[0] ?? ''))
    expect(changes.filter((change) => !said.includes(change)).map(({ type }) => type)).toEqual([])
    expect(rows.filter((row) => row.accounts && !changes.includes(row))).toEqual([])
    // These have a sign-in of an account under a name that otherwise stands for a person's.
    const both = ['identity.linked', 'identity.unlinked', 'notice.preferences-changed']
    const shared = changes.filter(({ accounts, type }) => accounts && work.has(type.split('.')[0] ?? ''))
    expect(shared.map(({ type }) => type)).toEqual(both)
  })

  it.each(LOCALES)('of every event in words, in %s', async (locale) => {
    const rows = await owner<{ type: string }[]>`SELECT type FROM audit_event_type ORDER BY type`
    const { audit, cases } = messagesOf(locale)
    const words = (all: Readonly<Record<string, Readonly<Record<string, string>>>>, type: string) => {
      const [subject = '', verb = ''] = type.split('.')
      return all[subject]?.[verb]
    }
    const without = rows.filter(({ type }) => (words(audit.types, type) ?? words(cases.log_types, type)) === undefined)
    expect(without.map(({ type }) => type)).toEqual([])
  })
})
