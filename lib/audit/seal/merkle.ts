import { hash } from 'node:crypto'

/** How long a hash is, of a leaf as of a node. */
export const HASH_BYTES = 32

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1)

/** The leaf of a text in an RFC 6962 tree: its hash behind a zero byte, so that no node can pass for a leaf. */
export function leafOf(text: string): Buffer {
  return leafOfBytes(Buffer.from(`\0${text}`, 'utf8'))
}

/** The leaf of a text that stands in these bytes behind a zero byte, without copying it. */
export function leafOfBytes(zeroAndText: Uint8Array): Buffer {
  return hash('sha256', zeroAndText, 'buffer')
}

/** The root of the empty tree. */
export const EMPTY_ROOT = hash('sha256', '', 'buffer')

/** The hash of two subtrees side by side, behind a one byte. */
export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1)
  pair.set(right, 1 + HASH_BYTES)
  return hash('sha256', pair, 'buffer')
}

/**
 * The complete subtrees of an RFC 6962 tree, largest first: all that appending and the root need. A tree of a million
 * leaves has seven.
 */
export class Frontier {
  readonly #peaks: Buffer[] = []
  #size = 0

  /** The tree of `size` leaves whose complete subtrees these are. Throws when they can't be. */
  static from(size: number, peaks: Uint8Array): Frontier {
    const frontier = new Frontier()
    if (peaks.length !== HASH_BYTES * peaksAt(size))
      throw new Error('These are not the subtrees of a tree of this size')
    for (let at = 0; at < peaks.length; at += HASH_BYTES)
      frontier.#peaks.push(Buffer.from(peaks.subarray(at, at + HASH_BYTES)))
    frontier.#size = size
    return frontier
  }

  get size(): number {
    return this.#size
  }

  /** Adds a leaf, by its hash, which the tree keeps. */
  append(leaf: Buffer): void {
    let node = leaf
    // A complete subtree joins its left neighbour of the same size, as one is carried when counting in twos.
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeOf(this.#peaks.pop() ?? node, node)
    this.#peaks.push(node)
    this.#size += 1
  }

  /** The root over all leaves so far. */
  root(): Buffer {
    const last = this.#peaks.at(-1)
    if (last === undefined) return EMPTY_ROOT
    return this.#peaks.slice(0, -1).reduceRight((right, left) => nodeOf(left, right), last)
  }

  /** The complete subtrees, one after another. */
  peaks(): Buffer {
    return Buffer.concat(this.#peaks)
  }
}

/**
 * The audit path of a leaf in a tree of `size` leaves, from the leaf up (RFC 6962, section 2.1.1). Of the leaves before
 * `earlier` only the complete subtrees are needed, so the leaf must be one of `added`, which came after them.
 */
export function inclusionPath(earlier: Frontier, added: readonly Buffer[], position: number): readonly Buffer[] {
  const known = new Map<string, Buffer>()
  let start = 0
  const peaks = earlier.peaks()
  for (const [at, count] of subtreesOf(earlier.size).entries()) {
    known.set(`${String(start)}:${String(start + count)}`, peaks.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
    start += count
  }
  const hashOf = (from: number, to: number): Buffer => {
    const found =
      known.get(`${String(from)}:${String(to)}`) ?? (to - from === 1 ? added[from - earlier.size] : undefined)
    if (found !== undefined) return found
    if (to - from <= 1) throw new RangeError('This leaf lies below the complete subtrees')
    const cut = from + splitOf(to - from)
    return nodeOf(hashOf(from, cut), hashOf(cut, to))
  }
  const path: Buffer[] = []
  for (let from = 0, to = earlier.size + added.length; to - from > 1;) {
    const cut = from + splitOf(to - from)
    if (position < cut) {
      path.unshift(hashOf(cut, to))
      to = cut
    } else {
      path.unshift(hashOf(from, cut))
      from = cut
    }
  }
  return path
}

/** The root that a leaf at a position of a tree of `size` leaves has by its audit path; null when the path can't be one. */
export function rootByPath(leaf: Buffer, position: number, size: number, path: readonly Buffer[]): Buffer | null {
  const turns: boolean[] = []
  for (let from = 0, to = size; to - from > 1;) {
    const cut = from + splitOf(to - from)
    const isLeft = position < cut
    turns.unshift(isLeft)
    if (isLeft) to = cut
    else from = cut
  }
  if (position < 0 || position >= size || turns.length !== path.length) return null
  return path.reduce((node, beside, at) => (turns[at] === true ? nodeOf(node, beside) : nodeOf(beside, node)), leaf)
}

/** The largest power of two below a count of leaves: how many of them are left of the root. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

/** How many leaves each complete subtree of a tree of this size has, largest first. */
function subtreesOf(size: number): number[] {
  const counts: number[] = []
  for (let rest = size, power = 1; rest > 0; rest = Math.floor(rest / 2), power *= 2)
    if (rest % 2 === 1) counts.unshift(power)
  return counts
}

function peaksAt(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}
