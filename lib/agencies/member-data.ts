import 'server-only'
import { ActorEnded, actorOf, type ActorTx, originOf } from '@/lib/access/with-actor'
import { parseCode } from '@/lib/platform/ids'

import type { MemberView, UnitView } from './member-schema'

/** What a function of the database says of a change to a member. */
export type MemberAnswer =
  'ok' | 'not_found' | 'own_record' | 'stale' | 'roles' | 'unit' | 'email_taken' | 'has_administrator' | 'wrong_state'

const SELECT = {
  id: true,
  code: true,
  displayName: true,
  email: true,
  roles: true,
  status: true,
  version: true,
  createdAt: true,
  deactivatedAt: true,
  unit: { select: { id: true, name: true } },
} as const

type Row = {
  id: string
  code: string
  displayName: string
  email: string
  roles: MemberView['roles'][number][]
  status: MemberView['status']
  version: number
  createdAt: Date
  deactivatedAt: Date | null
  unit: UnitView | null
}

/** The members of an agency, those who left last. */
export async function listMembersOf(tx: ActorTx, agency: string): Promise<MemberView[]> {
  const rows = await tx.member.findMany({
    where: { agencyId: agency },
    orderBy: [{ status: 'asc' }, { displayName: 'asc' }],
    select: SELECT,
    take: 1000,
  })
  return rows.map((row) => viewOf(tx, row))
}

/** The administrators of an agency. */
export async function listAdministratorsOf(tx: ActorTx, agency: string): Promise<MemberView[]> {
  const rows = await tx.member.findMany({
    where: { agencyId: agency, roles: { has: 'agency_admin' } },
    orderBy: [{ status: 'asc' }, { displayName: 'asc' }],
    select: SELECT,
  })
  return rows.map((row) => viewOf(tx, row))
}

/** The member that a code names, of the agency given; null for anything else. */
export async function findMember(
  tx: ActorTx,
  text: string,
  agency: string,
): Promise<(MemberView & { readonly id: string }) | null> {
  const code = parseCode(text, 'MBR')
  if (code === null) return null
  const row = await tx.member.findFirst({ where: { code, agencyId: agency }, select: SELECT })
  return row?.code !== code ? null : { id: row.id, ...viewOf(tx, row) }
}

/** The id behind a member's code, in any agency that the actor sees. */
export async function findMemberId(tx: ActorTx, text: string): Promise<string | null> {
  const code = parseCode(text, 'MBR')
  if (code === null) return null
  return (await tx.member.findUnique({ where: { code }, select: { id: true } }))?.id ?? null
}

/** The code that the database gave to a member just made. */
export async function findMemberCode(tx: ActorTx, id: string): Promise<string> {
  return (await tx.member.findUniqueOrThrow({ where: { id }, select: { code: true } })).code
}

export async function listUnitsOf(tx: ActorTx, agency: string): Promise<UnitView[]> {
  return tx.agencyUnit.findMany({
    where: { agencyId: agency, closedAt: null },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  })
}

type NewMember = {
  readonly id: string
  readonly agency: string
  readonly email: string
  readonly name: string
  readonly roles: readonly string[]
  readonly unit: string | null
}

export async function insertInvited(
  tx: ActorTx,
  member: NewMember,
  invitation: Uint8Array<ArrayBuffer>,
): Promise<MemberAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.invite_member(${member.id}::uuid, ${member.agency}::uuid, ${member.email}, ${member.name},
        ${[...member.roles]}::text[], ${member.unit}::uuid, ${invitation}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markInvitedAgain(
  tx: ActorTx,
  member: string,
  invitation: Uint8Array<ArrayBuffer>,
): Promise<MemberAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.reinvite_member(${member}::uuid, ${invitation}, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markChanged(
  tx: ActorTx,
  member: string,
  to: {
    readonly name: string
    readonly roles: readonly string[]
    readonly unit: string | null
    readonly version: number
  },
): Promise<MemberAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.change_member(${member}::uuid, ${to.name}, ${[...to.roles]}::text[], ${to.unit}::uuid,
        ${to.version}::int, ${originOf(tx)}::jsonb) AS answer`,
  )
}

export async function markDeactivated(tx: ActorTx, member: string): Promise<MemberAnswer> {
  return answered(
    await tx.$queryRaw<Answered>`
      SELECT app.deactivate_member(${member}::uuid, ${originOf(tx)}::jsonb) AS answer`,
  )
}

type Answered = { answer: MemberAnswer | 'ended' }[]

function answered(rows: Answered): MemberAnswer {
  const answer = rows[0]?.answer
  if (answer === undefined) throw new Error('A change to a member gives one answer')
  if (answer === 'ended') throw new ActorEnded('The actor was removed or changed meanwhile')
  return answer
}

function viewOf(tx: ActorTx, row: Row): MemberView {
  return {
    code: row.code,
    name: row.displayName,
    email: row.email,
    roles: row.roles,
    unit: row.unit,
    status: row.status,
    isSelf: row.id === actorOf(tx).member,
    since: row.createdAt,
    leftAt: row.deactivatedAt,
    version: row.version,
  }
}
