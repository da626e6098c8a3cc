import { describe, expect, it } from 'vitest'

import { speakThroughLog } from './console-log'
import { createLog } from './log'

const CANARY = 'Marisol Quispe'

function spoken(say: (speaker: Pick<Console, 'error' | 'warn'>) => void): string {
  let lines = ''
  const speaker = { error: () => undefined, warn: () => undefined }
  speakThroughLog(speaker, createLog({ write: (line) => (lines += line) }))
  say(speaker)
  return lines
}

describe('what the framework says on the console', () => {
  it('L06 leaves out the message of an error, which may quote what was typed, and keeps its reference', () => {
    const error = Object.assign(new Error(`invalid input syntax for type integer: "${CANARY}"`), {
      code: '22P02',
      digest: '3775676130',
    })
    for (const said of [[error], ['⨯', error], ['⨯', CANARY, error]]) {
      const line = spoken((speaker) => {
        speaker.error(...said)
      })
      expect(line).not.toContain(CANARY)
      expect(JSON.parse(line)).toMatchObject({ level: 'error', digest: 3775676130, err: { code: '22P02' } })
    }
  })

  it('L06, L08 keeps a sentence, with addresses hidden and control signs written out', () => {
    const line = spoken((speaker) => {
      speaker.warn('a header\u001b[31m of', 'someone@home.example')
    })
    expect(JSON.parse(line)).toMatchObject({ level: 'warn' })
    expect(line).not.toMatch(/\u001b|someone@home/)
    expect(line).toContain('a header')
  })
})
