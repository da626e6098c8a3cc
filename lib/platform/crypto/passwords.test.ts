import { hashSync } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'

import { createPasswordHasher, needsRehash, PasswordsBusy } from './passwords'
import { normalisePassword } from '@/lib/platform/password-text'

const hasher = createPasswordHasher({ parallel: 2, waiting: 8 })

describe('a stored password', () => {
  it('A03 is Argon2id with at least 19 MiB, 2 passes and 1 lane, and a salt of its own', async () => {
    const [one, two] = [await hasher.hash('a quiet harbour at dawn'), await hasher.hash('a quiet harbour at dawn')]
    const [, memory, passes, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(one) ?? []
    expect(Number(memory)).toBeGreaterThanOrEqual(19 * 1024)
    expect(Number(passes)).toBeGreaterThanOrEqual(2)
    expect(Number(lanes)).toBeGreaterThanOrEqual(1)
    expect(one).not.toBe(two)
  })

  it('fits its password and no other', async () => {
    const stored = await hasher.hash('a quiet harbour at dawn')
    expect(await hasher.verify(stored, 'a quiet harbour at dawn')).toBe(true)
    for (const wrong of ['A quiet harbour at dawn', 'a quiet harbour at dawn ', '', 'x'.repeat(100_000)]) {
      expect(await hasher.verify(stored, wrong)).toBe(false)
    }
  })

  it('A02 is compared whole, to the last of 256 signs', async () => {
    const long = 'é'.repeat(255)
    const stored = await hasher.hash(`${long}a`)
    expect(await hasher.verify(stored, `${long}a`)).toBe(true)
    expect(await hasher.verify(stored, `${long}b`)).toBe(false)
    expect(await hasher.verify(stored, long)).toBe(false)
  })

  it('A02 fits however its accents were typed, and keeps what NFC keeps apart', async () => {
    const stored = await hasher.hash('corazón de león grande')
    expect(await hasher.verify(stored, 'corazo\u0301n de leo\u0301n grande')).toBe(true)
    expect(normalisePassword('ﬁne')).not.toBe(normalisePassword('fine'))
  })

  it('fits nothing where there is no account', async () => {
    expect(await hasher.verify(null, 'no account has this password')).toBe(false)
  })

  it('is made anew at sign-in when it is weaker than what we use now, or unreadable', async () => {
    const weak = { memoryCost: 4096, timeCost: 3, parallelism: 1 }
    expect(needsRehash(await hasher.hash('a quiet harbour at dawn'))).toBe(false)
    expect(needsRehash(hashSync('x', weak))).toBe(true)
    expect(needsRehash(hashSync('x', { memoryCost: 19_456, timeCost: 1 }))).toBe(true)
    expect(needsRehash(hashSync('x').replace('$argon2id$', '$argon2i$'))).toBe(true)
    expect(needsRehash('$2b$12$abcdefghijklmnopqrstuu')).toBe(true)
  })
})

describe('a flood of sign-ins', () => {
  it('A03 is worked on a few at a time, queued up to a limit, and told to come back beyond it', async () => {
    const small = createPasswordHasher({ parallel: 1, waiting: 2 })
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => small.hash('a quiet harbour at dawn')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(PasswordsBusy)
    }
    expect(await small.hash('a quiet harbour at dawn')).toMatch(/^\$argon2id/)
  })

  it('A03 leaves the queue usable after a failure', async () => {
    const small = createPasswordHasher({ parallel: 1, waiting: 0 })
    await expect(small.verify('not a hash', 'x')).rejects.toThrow()
    await expect(small.hash('x'.repeat(5000))).rejects.toThrow(RangeError)
    expect(await small.hash('a quiet harbour at dawn')).toMatch(/^\$argon2id/)
  })
})
