import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

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
})
