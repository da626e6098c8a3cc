import 'server-only'

import { randomInt } from 'node:crypto'

import type { Actor } from '@/lib/access/actor'
import { holds } from '@/lib/access/permissions'
import { aboutSubject, actorOf, withActor, type ActorTx } from '@/lib/access/with-actor'
import { record } from '@/lib/audit/record'
import { parseCode } from '@/lib/platform/ids'
import { ok, refuse, type Result } from '@/lib/platform/result'

import { RULE_WORDS } from '../rules/words'
import {
  findMaskedFile,
  findSample,
  insertSample,
  listSampledFiles,
  listSampleLines,
  markAnswered,
  sampleRepeats,
} from './data'
import {
  LARGEST_SEED,
  SAMPLE_QUESTIONS,
  type AnswerSampleFileInput,
  type DrawSampleInput,
  type SampledFile,
  type SampleFileInput,
  type SampleFileView,
  type SampleInput,
  type SampleLine,
  type SampleView,
} from './schema'

const SAMPLES = 100

/** The samples of the auditor's body, the latest first. Refuses with `forbidden` everybody but an auditor. */
export async function listSamples(actor: Actor): Promise<Result<{ readonly items: readonly SampleLine[] }>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'sample:read')) return refuse('forbidden')
    const items = await listSampleLines(tx, SAMPLES)
    await record(tx, { type: 'oversight-sample.listed' })
    return ok({ items })
  })
}

/** The latest sample of the auditor's body, within a view that shows it beside other things; null before the first. */
export async function latestSampleIn(tx: ActorTx): Promise<SampleLine | null> {
  return (await listSampleLines(tx, 1))[0] ?? null
}

/**
 * Draws a sample of case files from the list of those that are there now, which is kept with it: the seed gives the same
 * files again. Refuses with `forbidden` everybody but an auditor, with `invalid` where there are too few, and with `too_many`
 * after twenty in a day: who draws until a file is hit has chosen it.
 */
export async function drawSample(actor: Actor, input: DrawSampleInput): Promise<Result<SampleView>> {
  return withActor(actor, async (tx) => {
    if (!holds(actor, 'sample:read')) return refuse('forbidden')
    const code = await insertSample(tx, { ...input, seed: input.seed ?? randomInt(LARGEST_SEED) })
    if (code === 'enough') return refuse('too_many', 'samples_enough')
    if (code === null) return refuse('invalid', 'too_few', { pool: ['samples.errors.too_few'] })
    await record(tx, { type: 'oversight-sample.drawn', subject: code })
    const drawn = await viewIn(tx, code)
    if (drawn === null) throw new Error('A sample that was just drawn is out of sight')
    return ok(drawn)
  })
}

/** A sample with its files, under pseudonyms. Refuses with `not_found` everybody but an auditor of its body. */
export async function viewSample(actor: Actor, input: SampleInput): Promise<Result<SampleView>> {
  return withActor(actor, async (tx) => {
    const code = codeFor(tx, actor, input.sample)
    const view = code === null ? null : await viewIn(tx, code)
    if (view === null) return refuse('not_found')
    await record(tx, { type: 'oversight-sample.viewed', subject: view.code })
    return ok(view)
  })
}

/**
 * How one file of a sample was handled, masked; the look is on the log. Refuses with `not_found` everybody but an auditor
 * of the sample's body, and files that it doesn't hold.
 */
export async function viewSampleFile(actor: Actor, input: SampleFileInput): Promise<Result<SampleFileView>> {
  return withActor(actor, async (tx) => {
    const sample = codeFor(tx, actor, input.sample)
    const file = parseCode(input.file, 'AUD')
    if (sample === null || file === null) return refuse('not_found')
    const view = await fileIn(tx, sample, file)
    if (view === null) return refuse('not_found')
    await record(tx, { type: 'oversight-sample.file-viewed', subject: sample, fields: [file] })
    return ok(view)
  })
}

/**
 * Keeps what an auditor found of a file; answering again takes the place of what was said before, which stays on record.
 * Refuses with `not_found` as a look does, and with `stale` when a colleague answered since the version that was seen.
 */
export async function answerSampleFile(actor: Actor, input: AnswerSampleFileInput): Promise<Result<SampleFileView>> {
  return withActor(actor, async (tx) => {
    const sample = codeFor(tx, actor, input.sample)
    const file = parseCode(input.file, 'AUD')
    if (sample === null || file === null) return refuse('not_found')
    const { consent, mandate, response, looks, adapted } = input
    const answer = await markAnswered(tx, sample, file, input.version, { consent, mandate, response, looks, adapted })
    if (answer !== 'ok') return refuse(answer)
    await record(tx, { type: 'oversight-sample.answered', subject: sample, fields: [file, ...SAMPLE_QUESTIONS] })
    const view = await fileIn(tx, sample, file)
    return view === null ? refuse('not_found') : ok(view)
  })
}

function codeFor(tx: ActorTx, actor: Actor, text: string): string | null {
  const code = parseCode(text, 'SMP')
  if (!holds(actor, 'sample:read') || code === null) return null
  aboutSubject(tx, code)
  return code
}

async function viewIn(tx: ActorTx, code: string): Promise<SampleView | null> {
  const line = await findSample(tx, code)
  if (line === null) return null
  const items = await listSampledFiles(tx, code)
  return { ...line, items, repeats: await sampleRepeats(tx, code) }
}

async function fileIn(tx: ActorTx, sample: string, code: string): Promise<SampleFileView | null> {
  const file = await findMaskedFile(tx, sample, code)
  const items = await listSampledFiles(tx, sample)
  const own = items.find((one) => one.code === code)
  if (file === null || own === undefined) return null
  const read = items.filter(({ readAt }) => readAt !== null).length
  const { locale } = actorOf(tx)
  const rules = file.rules.map((one) => ({ ...one, title: RULE_WORDS[one.rule]?.[locale].title ?? one.rule }))
  const next = nextUnread(items, own.position)
  return { ...own, sample, files: items.length, read, next, file: { ...file, rules } }
}

/** The next file that nobody has read: after this one, else from the beginning. */
function nextUnread(items: readonly SampledFile[], position: number): string | null {
  const unread = items.filter((one) => one.readAt === null && one.position !== position)
  return (unread.find((one) => one.position > position) ?? unread[0])?.code ?? null
}
