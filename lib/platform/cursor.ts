import 'server-only'
import { hkdfSync } from 'node:crypto'

import { KEY_BYTES, open, seal, SealBroken, type Place, type SealingKey } from './crypto/envelope'
import { masterKeys } from './crypto/master-keys'

/** The values of a list's order at the last row that was shown, in the order of its index. */
export type CursorPosition = readonly (string | number | null)[]

/** Where a page begins: after a row (later) or before it (earlier). */
export type Cursor = { readonly direction: 'after' | 'before'; readonly position: CursorPosition }

const NIL = '00000000-0000-0000-0000-000000000000'
/** Longer than any cursor of ours; not worth opening. */
const LONGEST = 600

/**
 * An opaque, sealed cursor for one list. `scope` names the list and everything that decides its rows and their order
 * (tab, filters), so that a cursor of one list is none for another. Ids and dates in it can't be read or forged.
 */
export function sealCursor(scope: string, cursor: Cursor): string {
  const key = cursorKey(masterKeys().current)
  const plain = JSON.stringify([cursor.direction === 'before' ? 1 : 0, ...cursor.position])
  return seal(key, placeOf(scope), Buffer.from(plain, 'utf8')).toString('base64url')
}

/** The cursor in what came from an address, or null when it is none of ours for this list. */
export function openCursor(scope: string, text: string): Cursor | null {
  if (text.length > LONGEST || !/^[\w-]+$/.test(text)) return null
  const sealed = Buffer.from(text, 'base64url')
  for (const master of masterKeys().byVersion.values()) {
    try {
      const [direction, ...position] = JSON.parse(open(cursorKey(master), placeOf(scope), sealed).toString('utf8')) as [
        number,
        ...CursorPosition,
      ]
      return { direction: direction === 1 ? 'before' : 'after', position }
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
    }
  }
  return null
}

function placeOf(scope: string): Place {
  return { table: 'cursor', column: 'position', row: scope, agency: NIL }
}

/** A key of its own, so that nothing that a master key wraps can pass for a cursor. */
function cursorKey(master: SealingKey): SealingKey {
  const bytes = Buffer.from(hkdfSync('sha256', master.bytes, '', 'amparo:cursor:v1', KEY_BYTES))
  return { id: NIL, version: master.version, bytes }
}

/** One page of a list that asked for one row more than it shows. */
export type Page<Row> = {
  readonly rows: readonly Row[]
  readonly earlier: string | null
  readonly later: string | null
}

/**
 * Cuts a page out of rows read in the cursor's direction with a limit of `limit + 1`: rows in the list's own order,
 * and the cursors of the pages on both sides.
 */
export function pageOf<Row>(
  scope: string,
  cursor: Cursor | null,
  limit: number,
  read: readonly Row[],
  positionOf: (row: Row) => CursorPosition,
): Page<Row> {
  const hasMore = read.length > limit
  const kept = read.slice(0, limit)
  const isBackward = cursor?.direction === 'before'
  const rows = isBackward ? kept.reverse() : kept
  const [first, last] = [rows[0], rows.at(-1)]
  const hasEarlier = isBackward ? hasMore : cursor !== null
  const hasLater = isBackward || hasMore
  return {
    rows,
    earlier:
      first === undefined || !hasEarlier
        ? null
        : sealCursor(scope, { direction: 'before', position: positionOf(first) }),
    later:
      last === undefined || !hasLater ? null : sealCursor(scope, { direction: 'after', position: positionOf(last) }),
  }
}
