import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { sealEvents } from '@/lib/audit/seal/service'
import { verifierOf, rawKeyOf, signCheckpoint, openCheckpoint } from '@/lib/audit/seal/note'
import { showSealKey } from '@/lib/audit/verify/operator-service'
import { closeWorker } from '@/lib/platform/db/worker'
import { ownerOf } from '@/tests/factories/office'
import { faultOf, sealAll, sealedLog, tampered, writeEvents, type SealedLog } from '@/tests/support/sealed-log'
import { tamperRandomly, withChanged } from '@/tests/support/tampering'

let log: SealedLog
let owner: postgres.Sql

/** The size of the log under each checkpoint. */
let sizes: number[]

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  for (let batch = 0; batch < 4; batch += 1) {
    await writeEvents(owner, 8, `BATCH${String(batch)}`)
    await sealAll(owner)
  }
  const rows = await owner<{ size: number }[]>`SELECT size::int AS size FROM seal_checkpoint ORDER BY size`
  sizes = rows.map(({ size }) => size)
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

const CHECKPOINTS = () => join(log.dataDirectory, 'checkpoints.log')

/** Without the file of checkpoints beside the database: what the database alone shows. */
async function withoutWitness<T>(work: () => Promise<T>): Promise<T> {
  renameSync(CHECKPOINTS(), `${CHECKPOINTS()}.away`)
  try {
    return await work()
  } finally {
    renameSync(`${CHECKPOINTS()}.away`, CHECKPOINTS())
  }
}

async function nth(position: number): Promise<{ id: string; code: string }> {
  const [row] = await owner<{ id: string; code: string }[]>`
    SELECT id::text AS id, code FROM audit_event ORDER BY txid, id OFFSET ${position - 1} LIMIT 1`
  return row ?? { id: '0', code: '' }
}

/** Every column with another value of its type. */
const CHANGES: Readonly<Record<string, string>> = {
  id: 'id + 1000000',
  code: `code || 'X'`,
  at: `at + interval '1 microsecond'`,
  agency_id: 'gen_random_uuid()',
  holder_agency_id: 'gen_random_uuid()',
  type: `'member.changed'`,
  action: `'read'`,
  outcome: `'refused'`,
  purpose: `'another'`,
  actor_id: 'gen_random_uuid()',
  roles: `'{auditor}'`,
  session: `'session:other'`,
  strength: '2',
  network_prefix: `'10.0.0.0/24'`,
  request_id: `'another'`,
  subject: `'CAS-00000000'`,
  person_id: 'gen_random_uuid()',
  case_id: 'gen_random_uuid()',
  fields: `'{risk}'`,
  basis: `'another'`,
  digest_before: `'\\x00'`,
  digest_after: `'\\x00'`,
  reason: `'\\x00'`,
  canonical: `replace(canonical, 'agency.changed', 'agency.created')`,
  hash: `sha256(hash)`,
  txid: 'txid - 1',
}

describe('L03, invariant 4: tampering by the owner of the database, with triggers off', () => {
  it('knows every column of an event, so that none can be changed unseen', async () => {
    const columns = await owner<{ name: string }[]>`
      SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'audit_event' AND table_schema = 'public'`
    expect(columns.map(({ name }) => name).sort()).toEqual(Object.keys(CHANGES).sort())
  })

  it.each(Object.entries(CHANGES))('finds and names an event whose %s was changed', async (column, value) => {
    const { id, code } = await nth(12)
    const fault = await withChanged(owner, [id], `UPDATE audit_event SET ${column} = ${value} WHERE id = ${id}`, () =>
      faultOf(log),
    )
    // An event of another number comes at another place of its transaction, and there of no other.
    if (column === 'id') expect(fault).toMatchObject({ kind: 'changed', code })
    else expect(fault).toMatchObject({ kind: 'changed', position: 12, code: column === 'code' ? `${code}X` : code })
  })

  it('finds and names an event that was rewritten as a whole: columns, text and hash', async () => {
    const { id, code } = await nth(12)
    const rewrite = `UPDATE audit_event SET subject = 'CAS-00000000',
      canonical = replace(canonical, '"subject": "' || subject || '"', '"subject": "CAS-00000000"'),
      hash = sha256(convert_to(replace(canonical, '"subject": "' || subject || '"', '"subject": "CAS-00000000"'), 'UTF8')) WHERE id = ${id}`
    const fault = await tampered(
      owner,
      (sql) => sql.unsafe(rewrite),
      () => faultOf(log),
    )
    expect(fault).toMatchObject({ kind: 'changed', position: 12, code })
    // Also where the leaves beside the checkpoint were made to fit: then the checkpoint is named.
    const withLeaves = `${rewrite}; UPDATE seal_checkpoint c SET leaves = (
      SELECT string_agg(sha256('\\x00'::bytea || convert_to(canonical, 'UTF8')), '' ORDER BY txid, id) FROM (
        SELECT * FROM audit_event ORDER BY txid, id OFFSET ${String(sizes[0])} LIMIT ${String((sizes[1] ?? 0) - (sizes[0] ?? 0))}) e)
      WHERE size = ${String(sizes[1])}`
    const named = await tampered(
      owner,
      (sql) => sql.unsafe(withLeaves),
      () => faultOf(log),
    )
    expect(named).toMatchObject({ kind: 'events', size: sizes[1] })
  })

  it('finds an event that was deleted, and one that was put between others', async () => {
    const { id } = await nth(12)
    const gone = await tampered(
      owner,
      (sql) => sql`DELETE FROM audit_event WHERE id = ${id}`,
      () => faultOf(log),
    )
    expect(gone).toMatchObject({ kind: 'missing', position: 12 })
    const added = await tampered(
      owner,
      async (sql) => {
        await sql`SELECT app.operator_event('agency.changed', 'FORGED', '{}', NULL, NULL)`
        await sql.unsafe(`
          WITH forged AS (DELETE FROM audit_event WHERE subject = 'FORGED' RETURNING *),
            placed AS (SELECT f.*, (SELECT txid FROM audit_event WHERE id = ${id}) AS at_txid FROM forged f)
          INSERT INTO audit_event (id, code, at, agency_id, type, action, outcome, session, strength, roles, subject, fields, canonical, hash, txid)
          SELECT id, code, at, agency_id, type, action, outcome, session, strength, roles, subject, fields, text, sha256(convert_to(text, 'UTF8')), at_txid
          FROM (SELECT *, replace(canonical, '"txid": ' || txid, '"txid": ' || at_txid) AS text FROM placed) p`)
      },
      () => faultOf(log),
    )
    expect(added).toMatchObject({ kind: 'inserted', position: 13 })
  })

  it('finds two events that changed places', async () => {
    const [one, other] = [await nth(10), await nth(11)]
    const fault = await tampered(
      owner,
      (sql) => sql`
        UPDATE audit_event e SET txid = o.txid, canonical = replace(e.canonical, '"txid": ' || e.txid, '"txid": ' || o.txid),
          hash = sha256(convert_to(replace(e.canonical, '"txid": ' || e.txid, '"txid": ' || o.txid), 'UTF8'))
        FROM audit_event o WHERE (e.id = ${one.id} AND o.id = ${other.id}) OR (e.id = ${other.id} AND o.id = ${one.id})`,
      () => faultOf(log),
    )
    expect(fault).toMatchObject({ kind: 'changed', position: 10 })
  })

  it('finds a cut tail by the checkpoint that stayed, and a cut with its checkpoints by the file outside', async () => {
    const last = sizes.at(-2) ?? 0
    const events = `DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event ORDER BY txid, id OFFSET ${String(last)})`
    const fault = await tampered(
      owner,
      (sql) => sql.unsafe(events),
      () => faultOf(log),
    )
    expect(fault).toMatchObject({ kind: 'missing', position: last + 1 })
    const both = `${events}; DELETE FROM seal_checkpoint WHERE size > ${String(last)}`
    const cut = await tampered(
      owner,
      (sql) => sql.unsafe(both),
      () => faultOf(log),
    )
    expect(cut).toMatchObject({ kind: 'rolled_back', position: last + 1, size: sizes.at(-1) })
    // The database by itself can't know: this is what witnesses are for.
    expect(
      await tampered(
        owner,
        (sql) => sql.unsafe(both),
        () => withoutWitness(() => faultOf(log)),
      ),
    ).toBeNull()
  })

  it('finds a checkpoint that was replaced, left out, or whose columns say another thing than its text', async () => {
    const size = sizes[1] ?? 0
    const ways: readonly [string, string][] = [
      [
        `UPDATE seal_checkpoint SET note = replace(note, 'epoch 1', 'epoch 2') WHERE size = ${String(size)}`,
        'checkpoint',
      ],
      [`UPDATE seal_checkpoint SET root = sha256(root) WHERE size = ${String(size)}`, 'checkpoint'],
      [`UPDATE seal_checkpoint SET at = at + interval '1 hour' WHERE size = ${String(size)}`, 'checkpoint'],
      [
        `UPDATE seal_checkpoint SET leaves = overlay(leaves placing '\\x00' from 5) WHERE size = ${String(size)}`,
        'checkpoint',
      ],
      [
        `UPDATE seal_checkpoint SET frontier = overlay(frontier placing '\\x0000' from 5) WHERE size = ${String(size)}`,
        'checkpoint',
      ],
      [`UPDATE seal_checkpoint SET last_id = last_id + 1 WHERE size = ${String(size)}`, 'checkpoint'],
    ]
    for (const [way, kind] of ways) {
      const fault = await tampered(
        owner,
        (sql) => sql.unsafe(way),
        () => faultOf(log),
      )
      expect(fault, way).toMatchObject({ kind, size })
    }
    const left = `DELETE FROM seal_checkpoint WHERE size = ${String(size)}`
    expect(
      await tampered(
        owner,
        (sql) => sql.unsafe(left),
        () => faultOf(log),
      ),
    ).toMatchObject({
      kind: 'order',
      size: sizes[2],
    })
  })

  it('lets nobody rewrite the tail and sign it again: another key is not the key', async () => {
    const key = await showSealKey(log.ownerUrl)
    const forger = {
      ...verifierOf(rawKeyOf(generateKeyPairSync('ed25519').publicKey)),
      privateKey: generateKeyPairSync('ed25519').privateKey,
    }
    const forge = async (sql: postgres.Sql) => {
      const [row] = await sql<{ root: Buffer; previous: Buffer; at: Date; size: number }[]>`
        SELECT root, previous, at, size::int AS size FROM seal_checkpoint ORDER BY size DESC LIMIT 1`
      if (row === undefined) throw new Error('Nothing is sealed')
      const note = signCheckpoint(forger, { ...row, epoch: 1, at: row.at.toISOString() })
      expect(openCheckpoint([forger], note)).toBeNull()
      await sql`UPDATE seal_checkpoint SET note = ${note}, hash = sha256(convert_to(${note}, 'UTF8')) WHERE size = ${row.size}`
    }
    expect(await tampered(owner, forge, () => faultOf(log, [key]))).toMatchObject({
      kind: 'checkpoint',
      size: sizes.at(-1),
    })
  })

  it('will not go on sealing a log that its own file of checkpoints knows to be longer', async () => {
    const last = sizes.at(-2) ?? 0
    const roll = `DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event ORDER BY txid, id OFFSET ${String(last)});
      DELETE FROM seal_checkpoint WHERE size > ${String(last)}`
    await tampered(
      owner,
      async (sql) => {
        await sql.unsafe(roll)
        await writeEvents(owner, 9, 'FORK')
      },
      async () => {
        expect(await sealEvents()).toBe(0)
        // Where the file was removed as well, the log goes on: as another one, which whoever holds a checkpoint sees.
        const known = readFileSync(CHECKPOINTS(), 'utf8')
        await withoutWitness(async () => {
          await sealAll(owner)
          expect(await faultOf(log)).toBeNull()
          writeFileSync(CHECKPOINTS(), known)
        })
        expect(await faultOf(log)).toMatchObject({ kind: 'forked', size: sizes.at(-1) })
        writeFileSync(CHECKPOINTS(), known)
      },
    )
  })

  it('takes a new epoch from a restore only, and still misses what the restore lost', async () => {
    const last = sizes.at(-2) ?? 0
    const restore = `DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event ORDER BY txid, id OFFSET ${String(last + 3)});
      DELETE FROM seal_checkpoint WHERE size > ${String(last)}`
    await tampered(
      owner,
      (sql) => sql.unsafe(restore),
      async () => {
        await closeWorker()
        const known = readFileSync(CHECKPOINTS(), 'utf8')
        // What restoring a backup does last.
        expect(await owner`SELECT app.begin_seal_epoch() AS epoch`).toEqual([{ epoch: 2 }])
        await writeEvents(owner, 4, 'AFTER')
        await sealAll(owner)
        expect(await faultOf(log)).toMatchObject({ kind: 'forked' })
        expect(await withoutWitness(() => faultOf(log))).toBeNull()
        // An epoch that was not begun so is not believed.
        await owner`UPDATE audit_event SET type = 'agency.changed', canonical = replace(canonical, 'seal.epoch-began', 'agency.changed'),
          hash = sha256(convert_to(replace(canonical, 'seal.epoch-began', 'agency.changed'), 'UTF8')) WHERE type = 'seal.epoch-began'`
        expect((await faultOf(log))?.kind).toBe('changed')
        writeFileSync(CHECKPOINTS(), known)
      },
    )
  })

  it('finds each of 30 random changes of sealed events, and names the place', async () => {
    expect(await tamperRandomly(owner, log, { rounds: 30, seed: 58137 })).toEqual([])
  })
})
