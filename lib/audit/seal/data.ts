import type { Frontier } from './merkle'

/** Sends one statement: as the worker in the running application, as the owner in an operator's command. */
export type Query = <Row>(text: string, values?: readonly (string | number | Uint8Array | null)[]) => Promise<Row[]>

/** The last checkpoint and what goes on from it; `size` is 0 and the rest null before the first. */
export type SealHead = {
  readonly epoch: number
  /** How long the log was when this epoch began. */
  readonly firstSize: number
  readonly size: number
  readonly root: Uint8Array | null
  readonly hash: Uint8Array | null
  readonly note: string | null
  readonly frontier: Uint8Array | null
  readonly origin: string | null
  readonly publicKey: Uint8Array | null
}

export type PendingLeaf = { readonly txid: string; readonly id: string; readonly leaf: Buffer }

export async function findHead(query: Query): Promise<SealHead> {
  const [head] = await query<
    Omit<SealHead, 'size' | 'firstSize'> & { readonly size: string | null; readonly firstSize: string }
  >(`
    SELECT epoch, first_size::text AS "firstSize", size::text AS size, root, hash, note, frontier, origin,
      public_key AS "publicKey" FROM app.seal_head()`)
  if (head === undefined) throw new Error('The log has no epoch')
  return { ...head, firstSize: Number(head.firstSize), size: Number(head.size ?? 0) }
}

/** Takes the sealer's turn until the transaction ends; false when another process has it. */
export async function takeTurn(query: Query): Promise<boolean> {
  const [row] = await query<{ taken: boolean }>(`SELECT pg_try_advisory_xact_lock(hashtext('app.seal')) AS taken`)
  return row?.taken === true
}

/** What comes next in the order of the leaves. */
export function listPending(query: Query, limit: number): Promise<PendingLeaf[]> {
  return query<PendingLeaf>('SELECT txid::text AS txid, id::text AS id, leaf FROM app.seal_pending($1)', [limit])
}

export type NewCheckpoint = {
  readonly tree: Frontier
  readonly epoch: number
  readonly hash: Uint8Array
  readonly previous: Uint8Array | null
  readonly at: string
  readonly note: string
  readonly leaves: readonly PendingLeaf[]
}

export async function appendCheckpoint(query: Query, made: NewCheckpoint): Promise<void> {
  const { tree, epoch, hash, previous, at, note, leaves } = made
  const last = leaves.at(-1)
  await query('SELECT app.append_checkpoint($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)', [
    tree.size,
    epoch,
    tree.root(),
    hash,
    previous,
    at,
    note,
    last?.txid ?? null,
    last?.id ?? null,
    Buffer.concat(leaves.map(({ leaf }) => leaf)),
    tree.peaks(),
  ])
}

/** Remembers the public half of the key that seals; false when another is remembered. */
export async function registerKey(query: Query, id: string, origin: string, key: Uint8Array): Promise<boolean> {
  const [row] = await query<{ done: boolean }>('SELECT app.register_seal_key($1, $2, $3) AS done', [id, origin, key])
  return row?.done === true
}

/** A checkpoint as it is stored: its signed text, and the columns that repeat what the text says. */
export type StoredCheckpoint = {
  readonly size: number
  readonly epoch: number
  readonly root: Buffer
  readonly hash: Buffer
  readonly previous: Buffer | null
  readonly at: Date
  readonly note: string
  readonly lastTxid: string
  readonly lastId: string
  readonly leaves: Buffer
  readonly frontier: Buffer
}

export async function listCheckpoints(query: Query, after: number, limit: number): Promise<StoredCheckpoint[]> {
  const rows = await query<Omit<StoredCheckpoint, 'size'> & { readonly size: string }>(
    `SELECT size::text AS size, epoch, root, hash, previous, at, note, last_txid::text AS "lastTxid", last_id::text AS "lastId",
       leaves, frontier FROM app.checkpoints_after($1, $2)`,
    [after, limit],
  )
  return rows.map((row) => ({ ...row, size: Number(row.size) }))
}

export async function listNotes(query: Query, after: number, limit: number): Promise<{ size: number; note: string }[]> {
  const rows = await query<{ size: string; note: string }>(
    'SELECT size::text AS size, note FROM app.checkpoints_after($1, $2)',
    [after, limit],
  )
  return rows.map(({ size, note }) => ({ size: Number(size), note }))
}
