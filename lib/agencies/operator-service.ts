import 'server-only'
import { newKey, wrapAgencyKey } from '@/lib/platform/crypto/key-tree'
import { masterKeys } from '@/lib/platform/crypto/master-keys'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'
import { PlainSentence } from '@/lib/platform/plain-sentence'

import {
  asOperator,
  ensureNetwork,
  findAgencyId,
  findFirstNetwork,
  findMemberByEmail,
  insertAgencyRow,
  insertInvitedRow,
  insertTokenRow,
  lacksFactor,
  readClock,
  takeFactors,
  writeClock,
  type AgencyRow,
  type NetworkRow,
  type OperatorTx,
} from './operator-data'
import type { ClockView, OperatorAdminInput, OperatorAgencyInput, OperatorTokenInput } from './operator-schema'

/** The body that runs the installation. It has no cases, and its members are system administrators. */
const OPERATOR = 'amparo'

/**
 * Makes a system administrator, with the operator's own agency and a network when there are none yet. Returns the
 * secret of the invitation. Refuses an address that a member has.
 */
export async function makeSystemAdministrator(ownerUrl: string, input: OperatorAdminInput): Promise<string> {
  return asOperator(ownerUrl, async (tx) => {
    await refuseTaken(tx, input.email)
    const agency = (await findAgencyId(tx, OPERATOR)) ?? (await makeOperatorAgency(tx, input))
    return invite(tx, { agency, email: input.email, name: input.name, role: 'system_admin' })
  })
}

/** Makes an agency with its keys and its first administrator, and returns the secret of the invitation. */
export async function makeAgency(ownerUrl: string, input: OperatorAgencyInput): Promise<string> {
  return asOperator(ownerUrl, async (tx) => {
    if ((await findAgencyId(tx, input.key)) !== null)
      throw new PlainSentence(`There is an agency ${input.key} already; choose another key.`)
    await refuseTaken(tx, input.adminEmail)
    const network = await findFirstNetwork(tx)
    if (network === null)
      throw new PlainSentence('There is no network yet; make the first administrator with: amparo admin create')
    const { key, name, kind, country = network.country, timeZone = network.timeZone } = input
    const agency = await writeAgency(tx, { key, name, kind, country, timeZone }, network)
    return invite(tx, { agency, email: input.adminEmail, name: input.adminName, role: 'agency_admin' })
  })
}

/** Makes a token for a member, who must be active, and returns it. */
export async function makeToken(ownerUrl: string, input: OperatorTokenInput): Promise<string> {
  return asOperator(ownerUrl, async (tx) => {
    const member = await findMemberByEmail(tx, input.user)
    if (member?.status !== 'active')
      throw new PlainSentence('No active member has this e-mail address; check it, or invite them first.')
    if (await lacksFactor(tx, member.id))
      throw new PlainSentence('This member has to set up a second factor first; a token would open nothing.')
    const token = newSecret()
    await insertTokenRow(tx, { id: newId(), hash: digestOf(token), name: input.name, days: input.days }, member)
    return token
  })
}

/**
 * Removes a member's lost second factor, where no second administrator can: sessions and tokens end, the member is told,
 * and the next sign-in asks to set up a new one. Returns the member's code.
 */
export async function resetMemberFactors(ownerUrl: string, email: string): Promise<string> {
  return asOperator(ownerUrl, async (tx) => {
    const member = await findMemberByEmail(tx, email)
    if (member?.status !== 'active') throw new PlainSentence('No active member has this e-mail address; check it.')
    if (!(await takeFactors(tx, member.id)))
      throw new PlainSentence(
        'This member has no second factor; the next sign-in asks for one where the agency wants it.',
      )
    return member.code
  })
}

/** Tells the time that the domain goes by, and moves it first when asked. Real data have no clock that can be moved. */
export async function moveClock(ownerUrl: string, bySeconds: number): Promise<ClockView> {
  return asOperator(ownerUrl, async (tx) => {
    const clock = await readClock(tx)
    if (bySeconds !== 0 && !clock.demonstration)
      throw new PlainSentence('The clock moves in demonstration and test data only; this installation holds real data.')
    const offsetSeconds = clock.offsetSeconds + bySeconds
    if (bySeconds !== 0) await writeClock(tx, offsetSeconds)
    return { now: new Date(Date.now() + offsetSeconds * 1000).toISOString(), offsetSeconds }
  })
}

async function makeOperatorAgency(tx: OperatorTx, input: OperatorAdminInput): Promise<string> {
  const given: NetworkRow = {
    key: 'main',
    name: input.network ?? 'Main network',
    country: input.country ?? 'ZZ',
    timeZone: input.timeZone ?? 'UTC',
  }
  const network = (await findFirstNetwork(tx)) ?? given
  const { country, timeZone } = network
  return writeAgency(tx, { key: OPERATOR, name: 'Amparo', kind: 'operator', country, timeZone }, network)
}

async function writeAgency(
  tx: OperatorTx,
  agency: Omit<AgencyRow, 'id' | 'network'>,
  network: NetworkRow,
): Promise<string> {
  const id = newId()
  const row = { ...agency, id, network: await ensureNetwork(tx, newId(), network) }
  const wrap = (kind: 'data' | 'index') => wrapAgencyKey(masterKeys(), kind, newKey(id))
  await insertAgencyRow(tx, row, { data: wrap('data'), index: wrap('index') })
  return id
}

async function invite(
  tx: OperatorTx,
  member: {
    readonly agency: string
    readonly email: string
    readonly name: string
    readonly role: 'system_admin' | 'agency_admin'
  },
): Promise<string> {
  const secret = newSecret()
  await insertInvitedRow(tx, { id: newId(), ...member }, digestOf(secret))
  return secret
}

async function refuseTaken(tx: OperatorTx, email: string): Promise<void> {
  if ((await findMemberByEmail(tx, email)) !== null)
    throw new PlainSentence('A member has this e-mail address already; use another one.')
}
