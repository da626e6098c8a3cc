import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { sealEvents } from '@/lib/audit/seal/service'
import { notesIn } from '@/lib/audit/seal/note'
import {
  exportAudit,
  exportCheckpoints,
  showSealKey,
  verifyExportFile,
  verifyInstallation,
} from '@/lib/audit/verify/operator-service'
import { ownerOf } from '@/tests/factories/office'
import { faultOf, sealAll, sealedLog, writeEvents, type SealedLog } from '@/tests/support/sealed-log'

let log: SealedLog
let owner: postgres.Sql

beforeAll(async () => {
  log = await sealedLog()
  owner = ownerOf(log)
  for (let batch = 0; batch < 4; batch += 1) {
    await writeEvents(owner, 6, `BATCH${String(batch)}`)
    await sealAll(owner)
  }
})
afterAll(async () => {
  await owner.end()
  await log.drop()
})

const quiet = { witnesses: [], onProgress: () => undefined }

async function exported(): Promise<string> {
  let text = ''
  await exportAudit(log.ownerUrl, (piece) => {
    text += piece
    return Promise.resolve()
  })
  return text
}

function fileOf(name: string, text: string): string {
  const file = join(log.dataDirectory, name)
  writeFileSync(file, text)
  return file
}

describe('the seal of the log', () => {
  it('takes in what is new and leaves the rest alone', async () => {
    const [before] = await owner`SELECT count(*)::int AS checkpoints, max(size)::int AS size FROM seal_checkpoint`
    expect(await sealEvents()).toBe(0)
    await writeEvents(owner, 3)
    await sealAll(owner)
    const [after] = await owner`SELECT count(*)::int AS checkpoints, max(size)::int AS size FROM seal_checkpoint`
    expect(after?.['size']).toBe(Number(before?.['size']) + 3)
    expect(after?.['checkpoints']).toBeGreaterThan(Number(before?.['checkpoints']))
  })

  it('L04: waits with everything that an open transaction may still precede, and makes no writer wait', async () => {
    const [{ size } = { size: 0 }] = await owner<{ size: number }[]>`SELECT max(size)::int AS size FROM seal_checkpoint`
    const late = ownerOf(log)
    await late
      .begin(async (sql) => {
        await sql`SELECT app.operator_event('agency.changed', 'LATE', '{}', NULL, NULL)`
        await writeEvents(owner, 2, 'EARLY')
        await sealEvents()
        const [now] = await owner`SELECT max(size)::int AS size FROM seal_checkpoint`
        expect(now?.['size']).toBe(size)
      })
      .finally(() => late.end())
    await sealAll(owner)
    expect(await faultOf(log)).toBeNull()
    const [end] = await owner`SELECT max(size)::int AS size FROM seal_checkpoint`
    expect(end?.['size']).toBe(size + 3)
  })

  it('keeps its key outside the database, closed to other users, and the checkpoints in a file beside it', async () => {
    expect(statSync(join(log.dataDirectory, 'seal-key')).mode & 0o777).toBe(0o600)
    expect(statSync(join(log.dataDirectory, 'checkpoints.log')).mode & 0o777).toBe(0o600)
    const notes = await owner<{ note: string }[]>`SELECT note FROM seal_checkpoint ORDER BY size`
    expect(notesIn(readFileSync(join(log.dataDirectory, 'checkpoints.log'), 'utf8'))).toEqual(
      notes.map(({ note }) => note),
    )
    const key = readFileSync(join(log.dataDirectory, 'seal-key'), 'utf8').split('\n')[1] ?? ''
    const [row] = await owner<{ text: string }[]>`SELECT string_agg(k::text, ' ') AS text FROM seal_key k`
    expect(row?.text).not.toContain(Buffer.from(key, 'base64').subarray(-32).toString('hex'))
  })

  it('takes no change from anybody: no role may write checkpoints, and the owner is stopped by triggers', async () => {
    for (const table of ['seal_checkpoint', 'seal_key', 'seal_epoch']) {
      await expect(
        owner`UPDATE ${owner(table)} SET ${owner(table === 'seal_key' ? { id: 'x' } : { epoch: 9 })}`,
      ).rejects.toThrow('inserts only')
      await expect(owner`DELETE FROM ${owner(table)}`).rejects.toThrow('inserts only')
      await expect(owner`TRUNCATE ${owner(table)}`).rejects.toThrow('inserts only')
    }
    const worker = ownerOf({ ownerUrl: log.workerUrl })
    await expect(worker`INSERT INTO seal_checkpoint SELECT * FROM seal_checkpoint`).rejects.toThrow('permission denied')
    await expect(worker`SELECT 1 FROM audit_event`).rejects.toThrow('permission denied')
    await worker.end()
  })

  it('appends a checkpoint only behind the last one, never two for one size', async () => {
    const again = owner`
      SELECT app.append_checkpoint(size, epoch, root, sha256(hash), previous, at, note, last_txid, last_id, leaves, frontier)
      FROM seal_checkpoint ORDER BY size DESC LIMIT 1`
    await expect(again).rejects.toThrow('has to follow')
    const both = await Promise.all([sealEvents(), sealEvents(), sealEvents()])
    expect(Math.max(...both)).toBe(0)
  })
})

describe('verification', () => {
  it('L03: finds nothing where nothing was changed, and counts what is not sealed yet', async () => {
    await writeEvents(owner, 2)
    const verified = await verifyInstallation(log.ownerUrl, { ...quiet, keys: [await showSealKey(log.ownerUrl)] })
    expect(verified).toMatchObject({ fault: null, unsealed: 2 })
    await sealAll(owner)
  })

  it('L05: needs an export and the public key, no database', async () => {
    const file = fileOf('log.jsonl', await exported())
    const key = await showSealKey(log.ownerUrl)
    const [sealed] = await owner`SELECT max(size)::int AS size, count(*)::int AS checkpoints FROM seal_checkpoint`
    expect(await verifyExportFile(file, { ...quiet, keys: [key] })).toMatchObject({ ...sealed, fault: null })
    const stranger = `${key.slice(0, -6)}AAAAA=`
    await expect(verifyExportFile(file, { ...quiet, keys: [stranger] })).rejects.toThrow('no public key')
  })

  it('records that the log was exported, before the first event leaves', async () => {
    const before = await owner<
      { n: number }[]
    >`SELECT count(*)::int AS n FROM audit_event WHERE type = 'audit.exported'`
    await exported()
    const after = await owner<{ n: number }[]>`SELECT count(*)::int AS n FROM audit_event WHERE type = 'audit.exported'`
    expect(after[0]?.n).toBe((before[0]?.n ?? 0) + 1)
    await sealAll(owner)
  })

  it('L05: names the event that was changed, left out, added or moved in an export', async () => {
    const key = await showSealKey(log.ownerUrl)
    const lines = (await exported()).split('\n')
    const events = lines.flatMap((line, index) => (line.startsWith('{') ? [index] : []))
    const tenth = events[9] ?? 0
    const code = /"code": "(EVT-[^"]+)"/.exec(lines[tenth] ?? '')?.[1]
    const ways: readonly [string, (copy: string[]) => void][] = [
      ['changed', (copy) => (copy[tenth] = (copy[tenth] ?? '').replace('"success"', '"refused"'))],
      ['missing', (copy) => copy.splice(tenth, 1)],
      ['inserted', (copy) => copy.splice(tenth, 0, (copy[tenth] ?? '').replace('success', 'failure'))],
      ['moved', (copy) => copy.splice(tenth, 2, copy[tenth + 1] ?? '', copy[tenth] ?? '')],
    ]
    for (const [kind, change] of ways) {
      const copy = [...lines]
      change(copy)
      const { fault } = await verifyExportFile(fileOf('changed.jsonl', copy.join('\n')), { ...quiet, keys: [key] })
      expect(fault, kind).toMatchObject({ kind, position: 10 })
      if (kind === 'changed') expect(fault?.code).toBe(code)
    }
    const cut = lines.slice(0, -3).join('\n')
    await expect(verifyExportFile(fileOf('cut.jsonl', cut), { ...quiet, keys: [key] })).rejects.toThrow()
  })

  it('L05: misses the end of an export that was cut between two checkpoints, where a witness holds a later one', async () => {
    const key = await showSealKey(log.ownerUrl)
    let notes = ''
    await exportCheckpoints(log.ownerUrl, 0, (piece) => {
      notes += piece
      return Promise.resolve()
    })
    const witness = fileOf('witness.txt', notes)
    const lines = (await exported()).trimEnd().split('\n')
    const ends = lines.flatMap((line, index) => (line.startsWith('["amparo/') ? [index] : []))
    const short = fileOf('short.jsonl', `${lines.slice(0, (ends[2] ?? 0) + 1).join('\n')}\n`)
    expect(await verifyExportFile(short, { ...quiet, keys: [key] })).toMatchObject({ fault: null })
    const { fault, size } = await verifyExportFile(short, { ...quiet, keys: [key], witnesses: [witness] })
    expect(fault).toMatchObject({ kind: 'rolled_back', position: size + 1 })
  })
})
