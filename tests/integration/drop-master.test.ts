import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { identify } from '@/lib/access/identify'
import { makeRecoveryCodes, showCode } from '@/lib/auth/factors'
import { dropMaster, rotateKey } from '@/lib/oversight/keys/operator-service'
import { stepRotations } from '@/lib/oversight/keys/rotate-service'
import { newMasterKeyLine } from '@/lib/platform/crypto/key-tree'
import { digestOf } from '@/lib/platform/crypto/opaque-secrets'
import { closeWorker } from '@/lib/platform/db/worker'
import { forgetEnv } from '@/lib/platform/env'
import { accountOf, PASSWORD } from '@/tests/factories/accounts'
import { office } from '@/tests/factories/office'
import { valueOf } from '@/tests/factories/cases'
import { database, inOneOffice, owner } from '@/tests/support/one-office'
import { appAdded, passwordShown } from '@/tests/support/second-factor'
import { codeOf } from '@/tests/support/totp'

inOneOffice()

const HERE = { networkPrefix: '192.0.2.0/24', requestId: 'request-1' }

const fresh = newMasterKeyLine(2)
let old: string
let email: string
let secret: string
let codes: readonly string[]

async function newCodes(session: string): Promise<readonly string[]> {
  const actor = await identify({ kind: 'session', hash: digestOf(session) })
  if (actor === null) throw new Error('The session of a test did not open')
  return valueOf(await makeRecoveryCodes(actor))
}

/** Signs in with the password and then this code; the session. */
async function signedInWith(code: string): Promise<string> {
  await owner`DELETE FROM throttle`
  return valueOf(await showCode(await passwordShown(email, PASSWORD), code, { origin: HERE })).session
}

function given(...lines: readonly string[]): void {
  process.env['AMPARO_MASTER_KEY'] = lines.join('\n')
  forgetEnv()
}

beforeAll(async () => {
  old = process.env['AMPARO_MASTER_KEY'] ?? ''
  const { agency } = await office(owner)
  await owner`DELETE FROM second_factor_waiver WHERE agency_id = ${agency.id}`
  ;({ email } = await accountOf(owner, agency.id, ['caseworker']))
  const added = await appAdded(await passwordShown(email, PASSWORD))
  secret = added.secret
  codes = await newCodes(added.session)
  given(old, fresh)
  await rotateKey(database.ownerUrl, { kind: 'master' }, { resume: false, onProgress: () => undefined })
  await owner`UPDATE key_rotation SET moved_at = moved_at - interval '2 hours'`
  await stepRotations()
})
afterAll(async () => {
  given(old)
  await closeWorker()
})

describe('an old master key', () => {
  it('C03, A04: stays while an authenticator app hangs on it, which moves when its member signs in', async () => {
    await expect(dropMaster(database.ownerUrl, 1)).rejects.toThrow(
      /^The authenticator apps of 1 members still hang on it/,
    )
    await signedInWith(codeOf(secret, 1))
    await expect(dropMaster(database.ownerUrl, 1)).rejects.not.toThrow('authenticator apps')
  })

  it('C03: stays while recovery codes hang on it, which go on working meanwhile', async () => {
    await expect(dropMaster(database.ownerUrl, 1)).rejects.toThrow(/^The recovery codes of 1 members still hang on it/)
    codes = await newCodes(await signedInWith(codes[0] ?? ''))
    await expect(dropMaster(database.ownerUrl, 1)).rejects.toThrow('Nothing hangs on version 1')
  })

  it('C03: stays for recovery codes that don’t say what they hang on, as they did not once', async () => {
    const [row] = await owner<{ hash: Uint8Array }[]>`SELECT hash FROM recovery_code WHERE used_at IS NULL LIMIT 1`
    const hash = row?.hash ?? new Uint8Array()
    await owner`UPDATE recovery_code SET hash = ${hash.slice(2)} WHERE hash = ${hash}`
    await expect(dropMaster(database.ownerUrl, 1)).rejects.toThrow('The recovery codes of 1 members')
    // They open under whichever key they hang on.
    for (const code of codes.slice(0, 3)) await signedInWith(code)
    await owner`UPDATE recovery_code SET hash = ${hash} WHERE hash = ${hash.slice(2)}`
  })

  it('C03: can be taken away then: apps and recovery codes work without it', async () => {
    await expect(dropMaster(database.ownerUrl, 1)).rejects.toThrow('take its line out of AMPARO_MASTER_KEY')
    given(fresh)
    await signedInWith(codes[4] ?? '')
    await owner`UPDATE second_factor SET last_step = last_step - 5`
    await signedInWith(codeOf(secret))
  })
})
