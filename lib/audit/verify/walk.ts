import { Frontier, HASH_BYTES } from '../seal/merkle'
import { hashOfNote, openCheckpoint, type Checkpoint, type SealVerifier } from '../seal/note'

import type { Fault, FaultKind } from './fault'

/** Thrown at the first thing that does not fit. */
export class FaultFound extends Error {
  override readonly name = 'FaultFound'

  constructor(readonly fault: Fault) {
    super(`The log does not fit (${fault.kind})`)
  }
}

/** What a checkpoint comes with: its signed text, and the leaves that were new in it, which may be anybody's. */
type Sealed = { readonly note: string; readonly leaves: () => Uint8Array }

/**
 * Goes along the log: leaf by leaf, checkpoint by checkpoint, and says what does not fit first. It trusts the public
 * keys and nothing else; checkpoints that others hold are looked for on the way.
 */
export class LogWalk {
  readonly #verifiers: readonly SealVerifier[]
  readonly #held = new Map<number, Checkpoint[]>()
  readonly #tree = new Frontier()
  readonly #began = new Set<number>([1])
  #batch: Buffer[] = []
  #atLast = new Frontier()
  #last: { readonly checkpoint: Checkpoint; readonly hash: Buffer } | null = null
  #forked: number | undefined
  checkpoints = 0

  /** `held`: signed texts of checkpoints that somebody else holds. Those that none of the keys signed count for nothing. */
  constructor(verifiers: readonly SealVerifier[], held: Iterable<string> = []) {
    this.#verifiers = verifiers
    for (const note of held) {
      const checkpoint = openCheckpoint(verifiers, note)
      if (checkpoint === null) continue
      const others = this.#held.get(checkpoint.size)
      if (others === undefined) this.#held.set(checkpoint.size, [checkpoint])
      else others.push(checkpoint)
    }
  }

  /** The leaves since the last checkpoint that fits. */
  get batch(): readonly Buffer[] {
    return this.#batch
  }

  /** The complete subtrees over all leaves so far. */
  peaks(): Buffer {
    return this.#tree.peaks()
  }

  get size(): number {
    return this.#tree.size
  }

  /** The size at the last checkpoint that fits. */
  get sealed(): number {
    return this.#last?.checkpoint.size ?? 0
  }

  /** The next event, by its leaf. */
  leaf(leaf: Buffer): void {
    this.#tree.append(leaf)
    this.#batch.push(leaf)
    const held = this.#held.get(this.#tree.size)
    if (held !== undefined) this.#compare(held)
  }

  /** Says that an event was seen by which a restore began this epoch. */
  beganEpoch(epoch: number): void {
    this.#began.add(epoch)
  }

  /** The next checkpoint, after the events that it seals. Throws `FaultFound`, also where events are lacking. */
  checkpoint({ note, leaves }: Sealed): Checkpoint {
    const size = Number(note.split('\n', 2)[1])
    const checkpoint = openCheckpoint(this.#verifiers, note)
    if (checkpoint === null) throw fault('checkpoint', { size })
    const before = this.#last?.hash ?? null
    if (checkpoint.size <= this.sealed || !isSame(checkpoint.previous, before)) throw fault('order', { size })
    this.#checkEpoch(checkpoint)
    if (checkpoint.size !== this.#tree.size || !checkpoint.root.equals(this.#tree.root()))
      this.#name(checkpoint, leaves())
    this.#last = { checkpoint, hash: hashOfNote(note) }
    if (this.#forked !== undefined) throw fault('forked', { size: this.#forked })
    this.#atLast = Frontier.from(this.#tree.size, this.#tree.peaks())
    this.#batch = []
    this.checkpoints += 1
    return checkpoint
  }

  /** The end: every checkpoint that others hold must have been met on the way. */
  end(): void {
    const epoch = this.#last?.checkpoint.epoch ?? 1
    for (let one = 2; one <= epoch; one += 1) if (!this.#began.has(one)) throw fault('epoch', { size: this.sealed })
    const beyond = [...this.#held.keys()].filter((size) => size > this.sealed)
    if (beyond.length > 0) throw fault('rolled_back', { size: Math.min(...beyond), position: this.sealed + 1 })
  }

  #compare(held: readonly Checkpoint[]): void {
    const root = this.#tree.root()
    const other = held.find((checkpoint) => !checkpoint.root.equals(root))
    // Said at the next checkpoint, which may name an event instead.
    if (other !== undefined) this.#forked ??= other.size
  }

  #checkEpoch(checkpoint: Checkpoint): void {
    const before = this.#last?.checkpoint.epoch ?? 1
    const { epoch, size } = checkpoint
    if (epoch !== before && epoch !== before + 1) throw fault('epoch', { size })
    if (epoch > before && before > 1 && !this.#began.has(before)) throw fault('epoch', { size })
  }

  /** Says which event it is that makes the root another one. The leaves tell, where they are the ones that were signed. */
  #name(checkpoint: Checkpoint, leaves: Uint8Array): never {
    const expected = split(leaves)
    const tree = Frontier.from(this.#atLast.size, this.#atLast.peaks())
    for (const leaf of expected) tree.append(leaf)
    const first = this.#atLast.size
    if (tree.size !== checkpoint.size || !tree.root().equals(checkpoint.root))
      throw fault('events', { size: checkpoint.size, position: first + 1 })
    const at = expected.findIndex((leaf, index) => this.#batch[index]?.equals(leaf) !== true)
    throw fault(kindOf(expected, this.#batch, at), { position: first + at + 1, size: checkpoint.size })
  }
}

function kindOf(expected: readonly Buffer[], found: readonly Buffer[], at: number): FaultKind {
  const [wanted, here] = [expected[at], found[at]]
  if (here === undefined || wanted === undefined) return 'missing'
  const isGone = !found.some((leaf) => leaf.equals(wanted))
  const isStrange = !expected.some((leaf) => leaf.equals(here))
  if (isGone) return isStrange ? 'changed' : 'missing'
  if (isStrange) return 'inserted'
  return found.length > expected.length ? 'inserted' : 'moved'
}

function split(leaves: Uint8Array): Buffer[] {
  return Array.from({ length: Math.floor(leaves.length / HASH_BYTES) }, (_, index) =>
    Buffer.from(leaves.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
  )
}

function isSame(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

function fault(kind: FaultKind, more: Omit<Fault, 'kind'>): FaultFound {
  return new FaultFound({ kind, ...more })
}
