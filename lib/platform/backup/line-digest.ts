import { hash } from 'node:crypto'

export type LineTotals = { readonly rows: number; readonly digest: string }

const LANES = 8
const NEWLINE = 0x0a

/**
 * Counts lines and makes a digest of the set of them, whatever their order: the SHA-256 of each line, added up lane by
 * lane. A table read back in another order gives the same one; a line that is missing, new or changed gives another.
 */
export class LineDigest {
  readonly #lanes = new Uint32Array(LANES)
  #rows = 0

  /** Takes whole lines, each with its newline. */
  addLines(bytes: Buffer): void {
    let from = 0
    for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
      this.#add(bytes.subarray(from, at))
      from = at + 1
    }
    if (from !== bytes.length) throw new Error('The last line has no end')
  }

  get totals(): LineTotals {
    const digest = Buffer.from(this.#lanes.buffer).toString('hex')
    return { rows: this.#rows, digest }
  }

  #add(line: Buffer): void {
    const sum = hash('sha256', line, 'buffer')
    for (let lane = 0; lane < LANES; lane += 1)
      this.#lanes[lane] = (this.#lanes[lane] ?? 0) + sum.readUInt32LE(lane * 4)
    this.#rows += 1
  }
}

/** Cuts a stream of bytes so that each piece ends with a line. */
export async function* inWholeLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0)
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? Buffer.from(piece) : Buffer.concat([rest, piece])
    const end = bytes.lastIndexOf(NEWLINE) + 1
    if (end > 0) yield bytes.subarray(0, end)
    rest = bytes.subarray(end)
  }
  if (rest.length > 0) throw new Error('The last line has no end')
}
