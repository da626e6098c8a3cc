import 'server-only'

import { appendCheckpoint, findHead, listPending, registerKey, takeTurn, type Query, type SealHead } from './data'
import { findSealer, makeSealer } from './key-file'
import { Frontier } from './merkle'
import { hashOfNote, openCheckpoint, rawKeyOf, signCheckpoint, type Checkpoint, type Sealer } from './note'

/** So many events at most stand under one checkpoint. */
const MOST_LEAVES = 10_000

/** The log can't be sealed as it stands; `reason` says why. Nothing was written. */
export class SealRefused extends Error {
  override readonly name = 'SealRefused'

  constructor(readonly reason: 'key_missing' | 'key_differs' | 'head_broken' | 'rolled_back') {
    super(`The log can't be sealed (${reason})`)
  }
}

/**
 * Seals what is new, in the transaction of `query`, and returns how many events that were. Nobody waits for it and it
 * waits for nobody: while another process seals, it answers 0. `outside` is the last checkpoint in a file outside the
 * database.
 *
 * Throws `SealRefused` when the key of this log isn't here, when the last checkpoint is not what was signed, and when the
 * file knows a later one: going on then would make a second log of the same length.
 */
export async function sealTurn(query: Query, outside: string | null): Promise<number> {
  if (!(await takeTurn(query))) return 0
  const head = await findHead(query)
  const sealer = await settleSealer(query, head)
  const tree = openHead(head, sealer, outside)
  const leaves = await listPending(query, MOST_LEAVES)
  if (leaves.length === 0) return 0
  for (const { leaf } of leaves) tree.append(leaf)
  const at = new Date().toISOString()
  const previous = head.hash === null ? null : Buffer.from(head.hash)
  const note = signCheckpoint(sealer, { size: tree.size, root: tree.root(), epoch: head.epoch, at, previous })
  await appendCheckpoint(query, { tree, epoch: head.epoch, hash: hashOfNote(note), previous, at, note, leaves })
  return leaves.length
}

/** The key of this log; one that was never sealed gets a new one. */
async function settleSealer(query: Query, head: SealHead): Promise<Sealer> {
  const found = findSealer()
  if (head.publicKey === null) {
    const sealer = found ?? makeSealer()
    if (sealer === null) throw new SealRefused('key_missing')
    await registerKey(query, sealer.id, sealer.origin, rawKeyOf(sealer.key))
    return sealer
  }
  if (found === null) throw new SealRefused('key_missing')
  if (!rawKeyOf(found.key).equals(head.publicKey)) throw new SealRefused('key_differs')
  return found
}

function openHead(head: SealHead, sealer: Sealer, outside: string | null): Frontier {
  if (outside !== null && outside !== head.note) {
    const known = openCheckpoint([sealer], outside)
    if (known !== null && isBeyond(known, head)) throw new SealRefused('rolled_back')
  }
  if (head.note === null || head.frontier === null) return new Frontier()
  const said = openCheckpoint([sealer], head.note)
  const tree = Frontier.from(head.size, head.frontier)
  if (said?.size !== head.size || !said.root.equals(tree.root())) throw new SealRefused('head_broken')
  return tree
}

/** Whether a checkpoint from outside says more than this log knows, and no restore since explains it. */
function isBeyond(known: Checkpoint, head: SealHead): boolean {
  return known.epoch >= head.epoch && known.size >= head.size
}
