import { randomBytes } from 'node:crypto'

import type postgres from 'postgres'

import type { Role } from '@/lib/access/actor'
import { passwords } from '@/lib/platform/crypto/passwords'
import { digestOf, newSecret } from '@/lib/platform/crypto/opaque-secrets'
import { newId } from '@/lib/platform/ids'

/** A password that the rules take, for members of tests. */
export const PASSWORD = 'quiet otters borrow seven lanterns'

export type Account = {
  readonly id: string
  readonly agency: string
  readonly email: string
  readonly password: string
}

let hashed: Promise<string> | undefined

/** A member of an agency who has a password, as after accepting an invitation; not signed in. */
export async function accountOf(
  owner: postgres.Sql,
  agency: string,
  roles: readonly Role[] = ['caseworker'],
): Promise<Account> {
  const id = newId()
  const email = `m${randomBytes(6).toString('hex')}@test.example`
  hashed ??= passwords.hash(PASSWORD)
  const hash = await hashed
  await owner`
    INSERT INTO member (id, agency_id, email, display_name, roles, status)
    VALUES (${id}, ${agency}, ${email}, ${`Member ${id.slice(-4)}`}, ${owner.array([...roles])}::role[], 'active')`
  await owner`INSERT INTO credential (member_id, agency_id, password_hash) VALUES (${id}, ${agency}, ${hash})`
  return { id, agency, email, password: PASSWORD }
}

/** Somebody who is invited and has not joined, with the secret of the invitation. */
export async function createInvitation(
  owner: postgres.Sql,
  agency: string,
): Promise<{ readonly member: string; readonly secret: string }> {
  const member = newId()
  const secret = newSecret()
  await owner`
    INSERT INTO member (id, agency_id, email, display_name, roles, status)
    VALUES (${member}, ${agency}, ${`m${randomBytes(6).toString('hex')}@test.example`}, ${`Member ${member.slice(-4)}`},
      ARRAY['caseworker']::role[], 'invited')`
  await owner`
    INSERT INTO invitation (hash, member_id, agency_id, expires_at)
    VALUES (${digestOf(secret)}, ${member}, ${agency}, clock_timestamp() + interval '72 hours')`
  return { member, secret }
}
