import { actorOf, type ActorTx } from '@/lib/access/with-actor'

import type { Adjuster, Outcome, RunDisparityInput } from './schema'
import type { CategoryKey } from '@/lib/mandate/categories'
import type { Ground } from '@/lib/reporting/cube/schema'

/** A question as it is kept. */
export type Question = {
  readonly outcome: Outcome
  readonly ground: Ground
  readonly period: string
  readonly category: CategoryKey | null
  readonly agency: string | null
  readonly adjustFor: readonly Adjuster[]
  /** Null where nobody chose; absent of a question of before it could be chosen. */
  readonly reference?: string | null
}

export function questionOf({
  outcome,
  ground,
  period,
  category,
  agency,
  reference,
  adjustFor,
}: RunDisparityInput): Question {
  return {
    outcome,
    ground,
    period,
    category: category ?? null,
    agency: agency ?? null,
    adjustFor,
    reference: reference ?? null,
  }
}

/** Keeps a question with its figures; returns its code. */
export async function insertRun(
  tx: ActorTx,
  cube: string,
  kept: { readonly question: Question; readonly figures: string; readonly hash: string; readonly version: string },
): Promise<string> {
  const rows = await tx.$queryRaw<{ code: string | null }[]>`
    SELECT app.keep_disparity(${cube}::uuid, ${JSON.stringify(kept.question)}::jsonb, ${kept.figures}::jsonb, ${kept.hash}, ${kept.version}) AS code`
  const code = rows[0]?.code
  if (code === undefined || code === null) throw new Error('A question could not be kept')
  return code
}

export type KeptRun = {
  readonly code: string
  readonly ranAt: Date
  readonly question: Question
  readonly hash: string
  readonly version: string
}

/** A question that was asked in the auditor's network. */
export async function findRun(tx: ActorTx, code: string): Promise<KeptRun | null> {
  const rows = await tx.$queryRaw<KeptRun[]>`
    SELECT code, ran_at AS "ranAt", question, figures_hash AS hash, code_version AS version FROM app.disparities(${code}, 1)`
  const row = rows[0]
  return row?.code === code ? row : null
}

/** The questions that were asked in the auditor's network, the latest first. */
export function listRuns(tx: ActorTx, limit: number): Promise<Pick<KeptRun, 'code' | 'ranAt' | 'question'>[]> {
  return tx.$queryRaw`SELECT code, ran_at AS "ranAt", question FROM app.disparities(NULL, ${limit}::int)`
}

/** The agencies of the actor's network that help people, by name. */
export function listHelpers(tx: ActorTx): Promise<{ key: string; name: string }[]> {
  return tx.agency.findMany({
    select: { key: true, name: true },
    where: { networkId: actorOf(tx).network, kind: { in: ['government', 'ngo', 'intergovernmental'] } },
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
  })
}
