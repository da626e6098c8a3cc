import type { ActorTx } from '@/lib/access/with-actor'
import { newId } from '@/lib/platform/ids'

import type { ComplaintState, ComplaintSubject } from '../complaints/schema'
import type { ReportContent } from './schema'

export type KeptReport = {
  readonly code: string
  readonly madeAt: Date
  readonly from: string
  readonly to: string
  readonly sha256: string
  readonly text: string | null
}

type NewReport = Pick<KeptReport, 'code' | 'from' | 'to' | 'sha256'> & { readonly text: string }

/** Keeps a report of the auditor's body. */
export async function insertReport(tx: ActorTx, { code, from, to, text, sha256 }: NewReport): Promise<void> {
  const rows = await tx.$queryRaw<{ kept: boolean }[]>`
    SELECT app.keep_audit_report(${newId()}::uuid, ${code}, ${from}::date, ${to}::date, ${text}, ${sha256}) AS kept`
  if (rows[0]?.kept !== true) throw new Error('A report could not be kept')
}

/** The reports of the auditor's body, the latest first; one with its text when it is named. */
export function listReportRows(tx: ActorTx, code: string | null, limit: number): Promise<KeptReport[]> {
  return tx.$queryRaw<KeptReport[]>`
    SELECT code, made_at AS "madeAt", from_day AS "from", to_day AS "to", digest AS "sha256", text FROM app.audit_reports(${code}, ${limit}::int)`
}

/** How often rules were broken in a period, and at how many agencies. */
export function countBroken(
  tx: ActorTx,
  from: string,
  to: string,
): Promise<{ readonly rule: string; readonly n: number; readonly agencies: number }[]> {
  return tx.$queryRaw`SELECT rule, n, agencies FROM app.report_rules(${from}::date, ${to}::date)`
}

/** The findings that the body sent in a period. */
export function listReportFindings(tx: ActorTx, from: Date, below: Date): Promise<ReportContent['findings']> {
  return tx.$queryRaw<ReportContent['findings']>`
    SELECT code, agency, source, grade, basis, state, evidence_hash AS "evidenceHash" FROM app.report_findings(${from}, ${below})`
}

/** The complaints that came in in a period: rows by subject, and rows by state. */
export function countReportComplaints(
  tx: ActorTx,
  from: Date,
  below: Date,
): Promise<{ readonly subject: ComplaintSubject | null; readonly state: ComplaintState | null; readonly n: number }[]> {
  return tx.$queryRaw`SELECT subject, state, n FROM app.report_complaints(${from}, ${below})`
}
