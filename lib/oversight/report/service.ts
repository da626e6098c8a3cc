import 'server-only'
import { createHash } from 'node:crypto'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, actorOf, nowIn, todayIn, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { hashOfNote } from '@/lib/audit/seal/note'
import { viewSeal } from '@/lib/audit/state/service'
import { newCode, parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import { addDays, instantIn } from '@/lib/platform/zone'

import { COMPLAINT_STATES, COMPLAINT_SUBJECTS } from '../complaints/schema'
import { runsBetween } from '../disparities/service'
import { overseenAgencies } from '../log/service'
import { listRules } from '../rules/service'
import {
  countBroken,
  countReportComplaints,
  insertReport,
  listReportFindings,
  listReportRows,
  type KeptReport,
} from './data'
import { tellable } from './rules'
import {
  REPORT_FORMAT,
  reportContent,
  type MakeReportInput,
  type ReportContent,
  type ReportLine,
  type ReportView,
} from './schema'

const PAST = 50

/** The reports that the auditor's body made, the latest first. Refuses with `forbidden` everybody else. */
export async function listReports(
  actor: Actor,
): Promise<Result<{ readonly items: readonly ReportLine[]; readonly today: string }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'audit-report:make')) return refuse('forbidden')
    const rows = await listReportRows(tx, null, PAST)
    await record(tx, { type: 'audit-report.listed' })
    return ok({ items: rows.map(lineOf), today: todayIn(tx) })
  })
}

/**
 * Makes a report of a period and keeps it as it is handed out. What rests on frozen figures is the same whenever it is
 * made again. Refuses with `forbidden` everybody but an auditor, and with `invalid` a period that ends before it begins or
 * in days to come.
 */
export async function makeReport(actor: Actor, input: MakeReportInput): Promise<Result<ReportView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'audit-report:make')) return refuse('forbidden')
    if (input.from > input.to) return refuse('invalid', undefined, { to: ['oversight.report.errors.order'] })
    if (input.to > todayIn(tx)) return refuse('invalid', undefined, { to: ['oversight.report.errors.later'] })
    const made = await contentOf(tx, newCode('RPT'), input)
    if (!made.ok) return made
    const text = JSON.stringify(made.value)
    const sha256 = createHash('sha256').update(text).digest('hex')
    const { code } = made.value
    await insertReport(tx, { code, ...input, text, sha256 })
    await record(tx, { type: 'audit-report.made', subject: code })
    return ok({ code, madeAt: made.value.madeAt, ...input, sha256, report: made.value })
  })
}

/** A report as it was made. Refuses with `not_found` everybody but an auditor of its body. */
export async function viewReport(actor: Actor, input: { readonly report: string }): Promise<Result<ReportView>> {
  const found = await readReport(actor, input.report)
  if (!found.ok) return found
  const { text, ...row } = found.value
  const report = reportContent.parse(JSON.parse(text))
  return ok({ ...lineOf({ ...row, text }), madeAt: report.madeAt, report })
}

/** The file of a report: its text as it was made, byte by byte, beside the SHA-256 of it. Refuses like a look at it. */
export async function readReportFile(
  actor: Actor,
  input: { readonly report: string },
): Promise<Result<{ readonly code: string; readonly body: string }>> {
  const found = await readReport(actor, input.report)
  if (!found.ok) return found
  const { code, sha256, text } = found.value
  return ok({ code, body: `{"sha256":"${sha256}","report":${text}}\n` })
}

function readReport(actor: Actor, text: string): Promise<Result<KeptReport & { readonly text: string }>> {
  return withActor(actor, async (tx) => {
    const code = parseCode(text, 'RPT')
    if (!holds(actor, 'audit-report:make') || code === null) return refuse('not_found')
    aboutSubject(tx, code)
    const [row] = await listReportRows(tx, code, 1)
    if (row === undefined || row.text === null) return refuse('not_found')
    await record(tx, { type: 'audit-report.viewed', subject: code })
    return ok({ ...row, text: row.text })
  })
}

async function contentOf(tx: ActorTx, code: string, period: MakeReportInput): Promise<Result<ReportContent>> {
  const actor = actorOf(tx)
  const from = instantIn(actor.timeZone, period.from, '00:00')
  const below = instantIn(actor.timeZone, addDays(period.to, 1), '00:00')
  const rules = await listRules(actor)
  if (!rules.ok) return rules
  const seal = await sealOf(actor)
  if (!seal.ok) return seal
  const broken = await countBroken(tx, period.from, period.to)
  const isWithin = (month: string) => month >= period.from.slice(0, 7) && month <= period.to.slice(0, 7)
  return ok({
    format: REPORT_FORMAT,
    code,
    madeAt: nowIn(tx).toISOString(),
    period,
    body: { key: actor.agencyKey, name: actor.agencyName },
    agencies: [...(await overseenAgencies(tx))],
    rules: rules.value.items
      .map(({ key, basis, grade, owner, measure, trend }) => {
        const cases = broken.find(({ rule }) => rule === key)
        const groups = trend.filter(({ month }) => isWithin(month)).reduce((sum, { n }) => sum + n, 0)
        const n = measure === 'groups' ? groups : (cases?.n ?? 0)
        return { key, basis, grade, owner, measure, n, agencies: cases?.agencies ?? 0 }
      })
      // What was broken most often first, so that whoever reads the first lines has read what matters.
      .toSorted((one, other) => other.n - one.n || (one.key < other.key ? -1 : 1)),
    analyses: [...(await runsBetween(tx, from, below))],
    findings: await listReportFindings(tx, from, below),
    complaints: await complaintsOf(tx, from, below),
    seal: seal.value,
  })
}

async function complaintsOf(tx: ActorTx, from: Date, below: Date): Promise<ReportContent['complaints']> {
  const rows = await countReportComplaints(tx, from, below)
  const countOf = (by: 'state' | 'subject', key: string) => rows.find((row) => row[by] === key)?.n ?? 0
  const byState = COMPLAINT_STATES.map((state) => ({ state, n: countOf('state', state) }))
  return {
    // How many came and how they stand is the body's own work, and told as it is.
    total: byState.reduce((sum, { n }) => sum + n, 0),
    byState,
    bySubject: tellable(COMPLAINT_SUBJECTS.map((key) => ({ key, n: countOf('subject', key) }))).map(({ key, n }) => ({
      subject: key,
      n,
    })),
  }
}

async function sealOf(actor: Actor): Promise<Result<ReportContent['seal']>> {
  const seal = await viewSeal(actor)
  if (!seal.ok) return seal
  const { state, size, verification, checkpoint, publicKey } = seal.value
  return ok({
    state,
    size,
    checkedAt: verification?.at ?? null,
    fits: verification === null ? null : verification.fault === null,
    checkpoint,
    checkpointHash: checkpoint === null ? null : hashOfNote(checkpoint).toString('hex'),
    publicKey,
  })
}

function lineOf({ code, madeAt, from, to, sha256 }: KeptReport): ReportLine {
  return { code, madeAt: madeAt.toISOString(), from, to, sha256 }
}
