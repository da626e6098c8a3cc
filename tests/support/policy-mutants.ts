import type postgres from 'postgres'

import { aboutMembers } from './row-matrix'

type PolicyRow = {
  readonly table: string
  readonly name: string
  readonly command: string
  readonly roles: readonly string[]
  readonly using: string | null
  readonly check: string | null
}

/** One way to break one policy, and how to mend it. */
export type Mutant = {
  /** `table policy`. */
  readonly policy: string
  readonly table: string
  /** `table policy: using opened`. */
  readonly name: string
  readonly change: 'dropped' | 'using opened' | 'using turned' | 'check opened' | 'check turned'
  readonly isUpdate: boolean
  readonly breakIt: string
  readonly mendIt: string
}

/** Each policy about members dropped, and each of its conditions opened to everything and turned into its contrary. */
export async function mutantsOf(owner: postgres.Sql): Promise<readonly Mutant[]> {
  const rows = await owner.unsafe<PolicyRow[]>(`
    SELECT tablename AS table, policyname AS name, cmd AS command, roles::text[] AS roles, qual AS using, with_check AS check
    FROM pg_policies WHERE ${aboutMembers()} ORDER BY 1, 2`)
  return rows.flatMap(mutantsOfPolicy)
}

function mutantsOfPolicy(row: PolicyRow): Mutant[] {
  const { table, name, command, roles, using, check } = row
  const to = roles.map((role) => `"${role}"`).join(', ')
  const create = [
    `CREATE POLICY "${name}" ON public."${table}" FOR ${command} TO ${to}`,
    using === null ? '' : `USING (${using})`,
    check === null ? '' : `WITH CHECK (${check})`,
  ].join(' ')
  const drop = `DROP POLICY "${name}" ON public."${table}"`
  const alter = `ALTER POLICY "${name}" ON public."${table}"`
  const ways: readonly (readonly [Mutant['change'], string | null, string])[] = [
    ['dropped', drop, create],
    ['using opened', using && `${alter} USING (true)`, `${alter} USING (${using ?? ''})`],
    ['using turned', using && `${alter} USING (NOT coalesce((${using}), false))`, `${alter} USING (${using ?? ''})`],
    ['check opened', check && `${alter} WITH CHECK (true)`, `${alter} WITH CHECK (${check ?? ''})`],
    [
      'check turned',
      check && `${alter} WITH CHECK (NOT coalesce((${check}), false))`,
      `${alter} WITH CHECK (${check ?? ''})`,
    ],
  ]
  const policy = `${table} ${name}`
  return ways.flatMap(([change, breakIt, mendIt]) =>
    breakIt === null
      ? []
      : [{ policy, table, name: `${policy}: ${change}`, change, isUpdate: command === 'UPDATE', breakIt, mendIt }],
  )
}

/** Runs work while a policy is broken, and mends it whatever happens. */
export async function withMutant<T>(owner: postgres.Sql, mutant: Mutant, work: () => Promise<T>): Promise<T> {
  await owner.unsafe(mutant.breakIt)
  try {
    return await work()
  } finally {
    await owner.unsafe(mutant.mendIt)
  }
}
