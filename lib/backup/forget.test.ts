import { describe, expect, it } from 'vitest'

import { readSchema } from '@/lib/platform/db/migrate/files'

import { ENDED_BY_RESTORE } from './forget'

/** Tables that let people in, and are good after a restore as they were backed up. */
const KEPT: readonly string[] = [
  // Passwords as they were: docs/operations.md tells the operator.
  'credential',
  // What an operator decided for an agency, and who its members are elsewhere.
  'second_factor_waiver',
  // It expires for want of an answer: what fell due since the backup, the clock's job does after a restore.
  'referral',
  'identity_provider',
  'member_identity',
  // Names what was made, and that is in the same backup.
  'idempotency_key',
]

describe('what a restore ends', () => {
  it('R05: is said of every table that lets somebody in or holds something that is good once', async () => {
    const schema = await readSchema()
    const models = schema.flatMap(({ path, content }) =>
      [...content.matchAll(/^model \w+ \{\n([^]*?)^\}/gm)].map(([, body = '']) => ({
        table: /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '',
        isOfSignIn: path.endsWith('access.prisma'),
        isGoodOnce: /@map\("(expires_at|used_at|claimed_until|open_at)"\)|^ +ticket /m.test(body),
      })),
    )
    const meant = models.filter(({ isOfSignIn, isGoodOnce }) => isOfSignIn || isGoodOnce).map(({ table }) => table)
    expect(meant.length).toBeGreaterThan(15)
    expect(meant.filter((table) => ENDED_BY_RESTORE[table] === undefined).toSorted()).toEqual(KEPT.toSorted())
  })
})
