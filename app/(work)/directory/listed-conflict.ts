import 'server-only'
import { getTranslations } from 'next-intl/server'
import { openingRows, type OpeningRowOf } from '@/components/directory/opening-rows'
import type { Actor } from '@/lib/access/actor'
import type { ChangeListedServiceInput } from '@/lib/directory/schema'
import { viewListedService } from '@/lib/directory/service'
import { conflictRow } from '@/lib/forms/conflict-row'
import type { Conflict } from '@/lib/forms/form-state'
import { getFormat } from '@/lib/i18n/get-format'
import { offerValues } from './offer-values'

/** Both values of every field that differs, after a colleague saved first; null when the entry can't be read any more. */
export async function listedConflict(actor: Actor, input: ChangeListedServiceInput): Promise<Conflict | null> {
  const found = await viewListedService(actor, { service: input.service })
  if (!found.ok || found.value.lastChange === null) return null
  const { lastChange, version } = found.value
  const [yours, theirs] = [offerValues(input), offerValues(found.value)]
  const words = await fieldWords([...openingRows(input.opening ?? []), ...openingRows(found.value.opening)])
  const format = await getFormat()
  const rows = Object.keys(theirs).flatMap((field) => {
    const { label, text } = words(field)
    return conflictRow({
      field,
      label,
      yours: (yours[field] ?? []).join('|'),
      theirs: (theirs[field] ?? []).join('|'),
      text: (value) =>
        format.list(
          value
            .split('|')
            .filter((part) => part !== '')
            .map(text),
        ),
    })
  })
  return { by: lastChange.by, at: format.moment(new Date(lastChange.at)), version: String(version), rows }
}

type Words = { readonly label: string; readonly text: (value: string) => string }

/** How each field of the form is called, and how its values read. */
async function fieldWords(rows: readonly OpeningRowOf[]): Promise<(field: string) => Words> {
  const t = await getTranslations('directory')
  const codes = await getTranslations('people.codes')
  const format = await getFormat()
  const plain = (value: string) => value
  const ticked = () => t('yes_word')
  const known: Readonly<Record<string, Words>> = {
    status: { label: t('form.state'), text: (value) => t(value === 'paused' ? 'status.paused' : 'status.active') },
    name: { label: t('form.name'), text: plain },
    description: { label: t('form.description'), text: plain },
    minAge: { label: t('form.min_age'), text: plain },
    maxAge: { label: t('form.max_age'), text: plain },
    genders: { label: t('form.genders'), text: (value) => codes(`gender.${value}` as 'gender.Feminine') },
    languages: { label: t('form.languages'), text: (value) => format.language(value) },
    interpreters: { label: t('form.interpreters'), text: ticked },
    areas: { label: t('form.areas'), text: plain },
    stepFree: { label: t('form.step_free'), text: ticked },
    withChildren: { label: t('form.with_children'), text: ticked },
    alwaysOpen: { label: t('form.always'), text: ticked },
  }
  return (field) => {
    const [, index = '0', end] = field.split('.')
    const dayName = (value: string) => t(`day.${value as '1'}`)
    const row = rows.find((one) => String(one.index) === index)
    const day = row === undefined ? '' : dayName(String(row.day))
    if (end === 'day') return { label: t('form.opening'), text: dayName }
    return known[field] ?? { label: `${day}: ${t(end === 'opens' ? 'form.opens' : 'form.closes')}`, text: plain }
  }
}
