import type { ActorTx } from '@/lib/access/with-actor'

import type { MaskedFile, SampleAnswers, SampledFile, SampleLine, SamplePool, SampleSpread } from './schema'

/** Draws a sample: its code, `enough` after many in a day, or null where there are too few files. */
export async function insertSample(
  tx: ActorTx,
  { pool, spread, size, seed }: { pool: SamplePool; spread: SampleSpread; size: number; seed: number },
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ code: string | null }[]>`
    SELECT app.draw_sample(${pool}, ${spread}, ${size}::int, ${seed}::int) AS code`
  return rows[0]?.code ?? null
}

/** The samples of the auditor's body, the latest first. */
export async function listSampleLines(tx: ActorTx, limit: number): Promise<SampleLine[]> {
  return linesOf(
    await tx.$queryRaw<LineRow[]>`
      SELECT code, drawn_at AS "drawnAt", pool, spread, size, seed, frame_size AS "frameSize", frame_digest AS "frameDigest", files, read, concerns
      FROM app.samples(NULL, ${limit}::int)`,
  )
}

/** A sample of the auditor's body. */
export async function findSample(tx: ActorTx, code: string): Promise<SampleLine | null> {
  const [found] = linesOf(
    await tx.$queryRaw<LineRow[]>`
      SELECT code, drawn_at AS "drawnAt", pool, spread, size, seed, frame_size AS "frameSize", frame_digest AS "frameDigest", files, read, concerns
      FROM app.samples(${code}, 1)`,
  )
  return found?.code === code ? found : null
}

/** Whether drawing again from the frozen list gives the same files. */
export async function sampleRepeats(tx: ActorTx, code: string): Promise<boolean> {
  const rows = await tx.$queryRaw<{ repeats: boolean | null }[]>`SELECT app.sample_repeats(${code}) AS repeats`
  return rows[0]?.repeats ?? false
}

/** The files of a sample, in their order. */
export async function listSampledFiles(tx: ActorTx, code: string): Promise<SampledFile[]> {
  const rows = await tx.$queryRaw<(Omit<SampledFile, 'readAt'> & { readAt: Date | null })[]>`
    SELECT position, code, agency, agency_name AS "agencyName", stratum, version, read_at AS "readAt", answers FROM app.sample_files(${code})`
  return rows.map((row) => ({ ...row, readAt: row.readAt?.toISOString() ?? null }))
}

/** How a sampled file was handled, masked. */
export async function findMaskedFile(tx: ActorTx, sample: string, file: string): Promise<MaskedRow | null> {
  const rows = await tx.$queryRaw<{ file: MaskedRow | null }[]>`SELECT app.masked_file(${sample}, ${file}) AS file`
  return rows[0]?.file ?? null
}

/** As the database tells it: rules by their keys. */
type MaskedRow = Omit<MaskedFile, 'rules'> & {
  readonly rules: readonly { readonly rule: string; readonly on: string }[]
}

/** Keeps what was found of a file, unless somebody answered since. */
export async function markAnswered(
  tx: ActorTx,
  sample: string,
  file: string,
  version: number,
  answers: SampleAnswers,
): Promise<'ok' | 'not_found' | 'stale'> {
  const rows = await tx.$queryRaw<{ answer: 'ok' | 'not_found' | 'stale' }[]>`
    SELECT app.answer_sample_file(${sample}, ${file}, ${version}::int, ${JSON.stringify(answers)}::jsonb) AS answer`
  return rows[0]?.answer ?? 'not_found'
}

type LineRow = Omit<SampleLine, 'drawnAt'> & { readonly drawnAt: Date }

function linesOf(rows: readonly LineRow[]): SampleLine[] {
  return rows.map((row) => ({ ...row, drawnAt: row.drawnAt.toISOString() }))
}
