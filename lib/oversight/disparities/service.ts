import 'server-only'

import { createHash } from 'node:crypto'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'
import type { CubeView } from '@/lib/reporting/cube/schema'
import { frozenCells, frozenPeriods } from '@/lib/reporting/cube/service'

import { findRun, insertRun, listHelpers, listRuns, questionOf, type KeptRun, type Question } from './data'
import { analyse, cannotAsk, referenceIn } from './rules'
import type {
  DisparityChoices,
  DisparityInput,
  DisparityView,
  Figures,
  PastRun,
  ReportedRun,
  RunDisparityInput,
} from './schema'

/** Changes with every change of a method, so that a kept run says by which it was made. */
const CODE_VERSION = 'disparity-3'
const PAST = 50
/** So many runs are looked through for what deserves a look, and so many are named. */
const NOTABLE_OF = 12
const NOTABLE = 3
/** So many of the latest runs a report looks through. */
const REPORTED = 200

/** What can be asked, and what was, the latest first. Refuses with `not_found` everybody but an auditor. */
export async function listDisparities(
  actor: Actor,
): Promise<Result<{ readonly runs: readonly PastRun[]; readonly choices: DisparityChoices }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'disparity:run')) return refuse('not_found')
    const runs = await listRuns(tx, PAST)
    const choices = await choicesIn(tx)
    await record(tx, { type: 'disparity.listed' })
    return ok({
      runs: runs.map(({ code, ranAt, question: { adjustFor: _, reference: _chosen, ...question } }) => ({
        code,
        ranAt: ranAt.toISOString(),
        ...question,
      })),
      choices,
    })
  })
}

/**
 * Asks a frozen period whether an outcome differs between groups, and keeps question and figures. What it reads is what
 * of the period is shown, so the answer can't say more, however often and by whomever it is asked.
 *
 * Refuses with `forbidden` everybody but an auditor, and with `invalid` a period that isn't frozen, an agency that isn't
 * in the network, what is finer than the outcome stands, and a reference that can't be told from others there.
 */
export async function runDisparity(actor: Actor, input: RunDisparityInput): Promise<Result<DisparityView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'disparity:run')) return refuse('forbidden')
    const unasked = cannotAsk(input)
    if (unasked !== null)
      return refuse('invalid', undefined, {
        [unasked === 'door_ground' ? 'ground' : 'outcome']: [`disparities.errors.${unasked}`],
      })
    if (input.agency !== undefined && !(await listHelpers(tx)).some(({ key }) => key === input.agency))
      return refuse('invalid', undefined, { agency: ['errors.field.choose'] })
    const frozen = await frozenCells(tx, input.period, input.ground)
    if (frozen === null) return refuse('invalid', undefined, { period: ['disparities.errors.period'] })

    if (input.reference !== undefined && referenceIn(frozen.cells, input) === null)
      return refuse('invalid', undefined, { reference: ['disparities.errors.reference'] })
    const figures = analyse(frozen.cells, input, input.ground, frozen.persons)
    const text = JSON.stringify(figures)
    const code = await insertRun(tx, frozen.id, {
      question: questionOf(input),
      figures: text,
      hash: hashOf(text),
      version: CODE_VERSION,
    })
    await record(tx, { type: 'disparity.run', subject: code })
    const kept = await findRun(tx, code)
    if (kept === null) return refuse('not_found')
    return ok(await shownOf(tx, kept, frozen.cube, figures))
  })
}

/**
 * A question that was asked, with the figures that it got, and whether it gets the same again now. Refuses with
 * `not_found` everybody but an auditor of its network.
 */
export async function viewDisparity(actor: Actor, input: DisparityInput): Promise<Result<DisparityView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'disparity:run')) return refuse('not_found')
    const code = parseCode(input.disparity, 'DSP')
    if (code === null) return refuse('not_found')
    aboutSubject(tx, code)
    const kept = await findRun(tx, code)
    if (kept === null) return refuse('not_found')
    await record(tx, { type: 'disparity.viewed', subject: code })
    return ok(await viewOf(tx, kept))
  })
}

/**
 * The latest questions whose answer shows a group that stands worse: what of the network's runs deserves a look. Each
 * question once, by its latest run; the figures are worked out from the stored cells, as on its page.
 */
export async function notableRuns(tx: ActorTx): Promise<readonly { readonly run: PastRun; readonly worse: number }[]> {
  const runs = await listRuns(tx, NOTABLE_OF)
  const latest = runs.filter(
    ({ question }, at) => runs.findIndex((other) => JSON.stringify(other.question) === JSON.stringify(question)) === at,
  )
  const notable: { run: PastRun; worse: number }[] = []
  for (const { code, ranAt, question } of latest) {
    if (notable.length === NOTABLE) break
    const frozen = await frozenCells(tx, question.period, question.ground)
    if (frozen === null) continue
    const { comparisons } = analyse(frozen.cells, askedOf(question), question.ground, frozen.persons)
    const worse = comparisons.filter(({ verdict }) => verdict === 'worse').length
    const { adjustFor: _, reference: _chosen, ...asked } = question
    if (worse > 0) notable.push({ run: { code, ranAt: ranAt.toISOString(), ...asked }, worse })
  }
  return notable
}

/** The questions that were asked in a period, each with what it takes to ask it again: for a report. */
export async function runsBetween(tx: ActorTx, from: Date, below: Date): Promise<readonly ReportedRun[]> {
  const runs = (await listRuns(tx, REPORTED)).filter(({ ranAt }) => ranAt >= from && ranAt < below)
  const reported: ReportedRun[] = []
  for (const { code } of [...runs].reverse()) {
    const kept = await findRun(tx, code)
    if (kept === null) continue
    const { outcome, ground, period, category, agency, adjustFor, ranAt, comparisons, reproduction } = await viewOf(
      tx,
      kept,
    )
    reported.push({
      ...{ code, ranAt, outcome, ground, period, category, agency, adjustFor: [...adjustFor] },
      worse: comparisons.filter(({ verdict }) => verdict === 'worse').map(({ group }) => group),
      comparisons: comparisons.length,
      figuresHash: reproduction.figuresHash,
      codeVersion: reproduction.codeVersion,
      extractHash: reproduction.extractHash,
      repeats: reproduction.repeats,
    })
  }
  return reported
}

async function choicesIn(tx: ActorTx): Promise<DisparityChoices> {
  const periods = await frozenPeriods(tx)
  return {
    periods: periods.map(({ period, startsOn, endsOn }) => ({ period, startsOn, endsOn })),
    agencies: await listHelpers(tx),
  }
}

async function viewOf(tx: ActorTx, kept: KeptRun): Promise<DisparityView> {
  const { question } = kept
  const frozen = await frozenCells(tx, question.period, question.ground)
  if (frozen === null) throw new Error('The period of a kept question is gone')
  // Figures are shown as they follow from the cells now, and held against the digest of what was shown then.
  return shownOf(tx, kept, frozen.cube, analyse(frozen.cells, askedOf(question), question.ground, frozen.persons))
}

async function shownOf(
  tx: ActorTx,
  { code, ranAt, question, hash, version }: KeptRun,
  cube: CubeView,
  figures: Figures,
): Promise<DisparityView> {
  const agencyNames = Object.fromEntries((await listHelpers(tx)).map(({ key, name }) => [key, name]))
  return {
    ...figures,
    ...question,
    reference: question.reference ?? null,
    agencyName: question.agency === null ? null : (agencyNames[question.agency] ?? question.agency),
    agencyNames,
    code,
    ranAt: ranAt.toISOString(),
    refused: cube.refused,
    reproduction: {
      cube: cube.code,
      period: cube.period,
      asOf: cube.asOf,
      extractHash: cube.extractHash,
      tablesHash: cube.tablesHash,
      cubeVersion: cube.codeVersion,
      codeVersion: version,
      figuresHash: hash,
      repeats: version === CODE_VERSION ? hashOf(JSON.stringify(figures)) === hash : null,
    },
  }
}

function askedOf({ outcome, category, agency, reference, adjustFor }: Question) {
  return {
    outcome,
    adjustFor: [...adjustFor],
    ...(category === null ? {} : { category }),
    ...(agency === null ? {} : { agency }),
    ...(reference === null || reference === undefined ? {} : { reference }),
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
