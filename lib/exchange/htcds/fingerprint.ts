import { createHash } from 'node:crypto'

import type { Columns } from './fields'

/**
 * What tells a row from every other, so that nothing is doubled on a second run: its id where the file has one, else
 * its content, whatever the order of columns, the naming of headers or the spaces around values.
 */
export function rowFingerprint(columns: Columns, cells: readonly string[]): string {
  const id = columns.findIndex((column) => column.is === 'id')
  const idText = id === -1 ? '' : (cells[id] ?? '').trim()
  return createHash('sha256')
    .update(idText === '' ? `content\0${contentOf(columns, cells)}` : `id\0${idText}`)
    .digest('hex')
}

function contentOf(columns: Columns, cells: readonly string[]): string {
  const parts: string[] = []
  columns.forEach((column, at) => {
    if (column.is !== 'field') return
    const text = (cells[at] ?? '').trim()
    if (text === '') return
    parts.push(`${column.field.name}/${column.option ?? ''}=${text.normalize('NFC').replace(/\s+/g, ' ')}`)
  })
  return parts.sort().join('\0')
}
