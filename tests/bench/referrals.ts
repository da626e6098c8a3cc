import { randomUUID } from 'node:crypto'

import type postgres from 'postgres'

import { sealSession, sessionCookieName } from '@/lib/auth/session-cookie'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newCode, newId } from '@/lib/platform/ids'
import { callApi } from '@/tests/support/api'
import { signIn, type BenchMember } from './instance'

const MOST_SHARED = 20

/** A coordinator of the loaded network, signed in. */
export async function coordinatorOf(
  owner: postgres.Sql,
): Promise<{ readonly cookie: string; readonly session: string }> {
  const member = { id: newId(), agency: newId(), email: `coordinator-${randomUUID()}@desk.example` }
  await owner`
    INSERT INTO agency (id, key, name, kind, country, time_zone, network_id)
    SELECT ${member.agency}, ${`desk-${member.agency.slice(-6)}`}, 'The desk', 'government', 'GB', 'UTC', n.id FROM network n LIMIT 1`
  await owner`
    INSERT INTO member (id, agency_id, email, display_name, roles, status)
    VALUES (${member.id}, ${member.agency}, ${member.email}, 'Coordinator', '{coordinator}', 'active')`
  const session = newSecret()
  await signIn(owner, member, { session: digestOf(session), token: digestOf(newSecret()) })
  return { cookie: `${sessionCookieName()}=${await sealSession(session)}`, session }
}

/** Refers needs of these cases to another agency, which accepts; returns the codes, and a token of its receiver. */
export async function shareReferrals(
  sender: BenchMember,
  token: string,
  cases: readonly string[],
  owner: postgres.Sql,
): Promise<{ readonly referrals: readonly string[]; readonly token: string }> {
  const [receiver] = await owner<(BenchMember & { service: string; category: string })[]>`
    SELECT m.id, m.agency_id AS agency, m.email, s.code AS service, s.category FROM listed_service s
    JOIN listed_service_receiver r ON r.listed_service_id = s.id JOIN member m ON m.id = r.member_id
    WHERE s.agency_id <> ${sender.agency} AND s.status = 'active' ORDER BY s.code LIMIT 1`
  if (receiver === undefined) throw new Error('No other agency lists a service that somebody answers for')
  const receiving = newSecret()
  await signIn(owner, receiver, { session: digestOf(newSecret()), token: digestOf(receiving) })
  await agree(owner, sender, receiver)
  const [to] = await owner<{ key: string }[]>`SELECT key FROM agency WHERE id = ${receiver.agency}`
  const referrals: string[] = []
  for (const on of cases.slice(0, MOST_SHARED)) {
    const endsOn = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)
    const need = await made(token, `/cases/${on}/needs`, { category: receiver.category, urgency: 'routine' })
    const consent = { purpose: 'sharing', agency: to?.key, categories: [receiver.category], identity: 'full', endsOn }
    await made(token, `/cases/${on}/consents`, consent)
    const sent = { case: on, needs: [need], directoryService: receiver.service, send: true }
    const code = await made(token, '/referrals', sent)
    const answer = await callApi('POST', `/referrals/${code}/accept`, { token: receiving, body: {} })
    if (answer.status !== 200) throw new Error(`Accepting answered ${String(answer.status)} ${answer.text}`)
    referrals.push(code)
  }
  return { referrals, token: receiving }
}

async function made(token: string, path: string, body: object): Promise<string> {
  const answer = await callApi('POST', path, { token, body })
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${String(answer.status)} ${answer.text}`)
  return String(answer.body['code'])
}

/** An agreement in force between two agencies, over everything. */
async function agree(owner: postgres.Sql, one: BenchMember, other: BenchMember): Promise<void> {
  const id = newId()
  await owner`
    INSERT INTO agreement (id, code, network_id, holder_agency_id, proposed_by_id, proposed_at, purposes, categories, identity_level, starts_on, ends_on, document,
      confirmed_at)
    SELECT ${id}, ${newCode('AGR')}, a.network_id, a.id, ${one.id}, now(), '{sharing}', ${owner.array([...CATEGORY_KEYS])}, 'full', current_date - 10,
      current_date + 300, 'Bench', now() FROM agency a WHERE a.id = ${one.agency}`
  for (const { agency, id: member } of [one, other])
    await owner`
      INSERT INTO agreement_party (agreement_id, holder_agency_id, agency_id, signed_at, signed_by_id)
      VALUES (${id}, ${one.agency}, ${agency}, now(), ${member})`
}
