import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { createLog, safeText } from './log'

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  let lines = ''
  write(createLog({ write: (line) => (lines += line) }))
  return lines
}

const CANARY = 'Marisol Quispe'

describe('the log', () => {
  it('is one JSON object a line, with level and time', () => {
    const line = written((log) => {
      log.info({ migration: '0007' }, 'applied')
    })
    expect(JSON.parse(line)).toMatchObject({ level: 'info', migration: '0007', msg: 'applied' })
    expect(JSON.parse(line)).toHaveProperty('time')
  })

  it('L06 hides what stands under the key of something personal or secret, at any depth', () => {
    for (const key of ['name', 'displayName', 'new_password', 'Set-Cookie', 'contactEmail', 'reason', 'query', 'url']) {
      const line = written((log) => {
        log.warn({ a: [{ b: { [key]: CANARY } }], [key]: { deep: CANARY } })
      })
      expect(line).not.toContain(CANARY)
      expect(line).toContain('[hidden]')
    }
  })

  it('L06 keeps an error’s kind, code and places, and leaves out its message and its causes’', () => {
    const error = Object.assign(new TypeError(`bad ${CANARY}`, { cause: new Error(CANARY) }), {
      code: 'P2002',
      meta: CANARY,
    })
    for (const write of [
      (log: ReturnType<typeof createLog>) => {
        log.error(error)
      },
      (log: ReturnType<typeof createLog>) => {
        log.error(error, 'failed')
      },
      (log: ReturnType<typeof createLog>) => {
        log.error({ err: error }, 'failed')
      },
      (log: ReturnType<typeof createLog>) => {
        log.error({ problem: error }, 'failed')
      },
    ]) {
      const line = written(write)
      expect(line).not.toContain(CANARY)
      expect(line).toContain('TypeError')
      expect(line).toContain('P2002')
      expect(line).toContain('log.test')
    }
  })

  it('L06 hides e-mail addresses and phone numbers wherever they stand, and leaves ids and dates readable', () => {
    const line = written((log) => {
      log.info(
        { at: '2026-11-24T10:00:00.000Z', id: '01926f7e-0000-7000-8000-000000000001' },
        'to ana@example.org, +1 (555) 010-9999',
      )
    })
    expect(line).not.toMatch(/ana@|010-9999/)
    expect(line).toContain('01926f7e-0000-7000-8000-000000000001')
    expect(line).toContain('2026-11-24T10:00:00.000Z')
  })

  it('L08 writes out line breaks, terminal colours and text-direction signs, so that no line can be forged', () => {
    const attack = 'ok\r\n{"level":"info","msg":"forged"}\u001b[31m\u009b2J\u202Eevil\u2066\u2028\u0000'
    const line = written((log) => {
      log.info({ file: attack, [`k\n${attack}`]: 1 }, attack)
    })
    expect(line.trimEnd().split('\n')).toHaveLength(1)
    expect(decodedText(line)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
  })

  it('L08 does so for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(safeText(text))))
  })

  it('survives circles, functions, bytes, big numbers and huge values', () => {
    const circle: Record<string, unknown> = { big: 10n ** 30n, run: () => 1, bytes: Buffer.from(CANARY) }
    circle['self'] = circle
    const line = written((log) => {
      log.info({ circle, long: 'x'.repeat(1_000_000) })
    })
    expect(line.length).toBeLessThan(10_000)
    expect(line).not.toContain(Buffer.from(CANARY).toString('base64'))
  })
})

/** All strings of the line as a log viewer would print them after parsing. */
function decodedText(line: string): string {
  let all = ''
  JSON.parse(line, (key, value: unknown) => {
    all += key + String(value)
    return value
  })
  return all
}
