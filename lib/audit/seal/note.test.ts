import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import {
  keyLineOf,
  notesIn,
  openCheckpoint,
  parseKeyLine,
  rawKeyOf,
  signCheckpoint,
  verifierOf,
  type Sealer,
} from './note'

function newSealer(): Sealer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { ...verifierOf(rawKeyOf(publicKey)), privateKey }
}

const CHECKPOINT = {
  size: 12,
  root: Buffer.alloc(32, 7),
  epoch: 1,
  at: '2026-11-25T06:00:00.000Z',
  previous: Buffer.alloc(32, 9),
}

describe('a checkpoint', () => {
  it('L05: is read back with the public key alone', () => {
    const sealer = newSealer()
    const note = signCheckpoint(sealer, CHECKPOINT)
    const verifier = parseKeyLine(keyLineOf(sealer))
    expect(verifier).not.toBeNull()
    expect(openCheckpoint(verifier === null ? [] : [verifier], note)).toEqual({ ...CHECKPOINT, origin: sealer.origin })
    const first = signCheckpoint(sealer, { ...CHECKPOINT, previous: null })
    expect(openCheckpoint([sealer], first)?.previous).toBeNull()
  })

  it('L03: is refused when any sign of it was changed, and when another key signed it', () => {
    const sealer = newSealer()
    const note = signCheckpoint(sealer, CHECKPOINT)
    for (let at = 0; at < note.length; at += 1) {
      const changed = `${note.slice(0, at)}${note[at] === 'A' ? 'B' : 'A'}${note.slice(at + 1)}`
      expect(openCheckpoint([sealer], changed), changed).toBeNull()
    }
    // The last letter before the padding has bits that no byte takes.
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
      const changed = note.replace(/.(?==*\n$)/u, letter)
      if (changed !== note) expect(openCheckpoint([sealer], changed), changed).toBeNull()
    }
    expect(openCheckpoint([newSealer()], note)).toBeNull()
    const forged = signCheckpoint({ ...newSealer(), origin: sealer.origin, id: sealer.id }, CHECKPOINT)
    expect(openCheckpoint([sealer], forged)).toBeNull()
  })

  it('stands among others in a file, from which a half-written last one is left out', () => {
    const sealer = newSealer()
    const notes = [1, 2, 3].map((size) => signCheckpoint(sealer, { ...CHECKPOINT, size }))
    expect(notesIn(notes.join('\n'))).toEqual(notes)
    expect(notesIn(`${notes.join('\n')}\namparo/x\n4\n`)).toEqual(notes)
    expect(notesIn('')).toEqual([])
  })

  it('knows a public key by its line only', () => {
    const line = keyLineOf(newSealer())
    expect(parseKeyLine(`${line.slice(0, -3)}AA=`)).toBeNull()
    expect(parseKeyLine('nothing of the kind')).toBeNull()
  })
})
