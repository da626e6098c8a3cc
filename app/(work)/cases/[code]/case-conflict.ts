import 'server-only'
import type { Actor } from '@/lib/access/actor'
import type { Conflict, ConflictRow } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { CaseView, ChangeCaseInput } from '@/lib/cases/schema'
import { viewCaseForConflict } from '@/lib/cases/service'

/** Fields that a form of a case may carry, with the key of their label and of their codes' names. */
const FIELDS: Readonly<Record<string, { readonly label: string; readonly codes: string | null }>> = {
  status: { label: 'cases.edit.status', codes: 'cases.status' },
  stage: { label: 'cases.edit.stage', codes: 'cases.stage' },
  risk: { label: 'cases.edit.risk', codes: 'cases.risk' },
  wantsSupport: { label: 'cases.overview.wants_support', codes: 'cases.three' },
  dataUse: { label: 'cases.overview.data_use', codes: 'cases.three' },
  takesPart: { label: 'cases.overview.takes_part', codes: 'cases.three' },
  identification: { label: 'cases.identify.status', codes: 'cases.identification_choice' },
  identifiedBy: { label: 'cases.identify.by', codes: 'people.codes.decidingBody' },
  identifiedOn: { label: 'cases.identify.on', codes: null },
  identificationReason: { label: 'cases.identify.reason', codes: null },
  acts: { label: 'cases.experience.acts', codes: 'people.codes.act' },
  means: { label: 'cases.experience.means', codes: 'people.codes.means' },
  purposes: { label: 'cases.experience.purposes', codes: 'people.codes.purpose' },
  recruitment: { label: 'cases.experience.recruitment', codes: 'people.codes.recruitment' },
  sectors: { label: 'cases.experience.sectors', codes: 'people.codes.sector' },
  places: { label: 'cases.experience.places', codes: null },
  recruiterRelation: { label: 'cases.experience.recruiter', codes: 'people.codes.recruiterRelation' },
}

/** Both values of every field that differs, after someone else saved first; null when the case is out of sight now. */
export async function caseConflict(actor: Actor, input: ChangeCaseInput): Promise<Conflict | null> {
  const found = await viewCaseForConflict(actor, { case: input.case })
  if (found === null) return null
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const rows = Object.entries(FIELDS).flatMap(([field, { label, codes }]): ConflictRow[] => {
    const mine = codesOf((input as Readonly<Record<string, unknown>>)[field])
    const theirs = codesOf(valueIn(found.view, field))
    if (!(field in input) || mine.join('|') === theirs.join('|')) return []
    const words = (values: readonly string[]) =>
      format.list(values.map((code) => (codes === null ? code : text(`${codes}.${code}`))))
    return [
      {
        field,
        label: text(label),
        yours: mine.join('|'),
        theirs: theirs.join('|'),
        yoursText: words(mine),
        theirsText: words(theirs),
      },
    ]
  })
  return { by: found.by, at: format.moment(found.at), version: String(found.view.version), rows }
}

function valueIn(view: CaseView, field: string): unknown {
  const all: Readonly<Record<string, unknown>> = { ...view, ...view.content }
  return all[field]
}

function codesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String).sort()
  return typeof value === 'string' && value !== '' ? [value] : []
}
