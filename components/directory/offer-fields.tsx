import { getTranslations } from 'next-intl/server'
import { CheckRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { TextArea } from '@/components/ui/text-area'
import { CheckBox, TextInput } from '@/components/ui/text-input'
import { FOR_GENDERS, type AreaView, type OpeningSpan } from '@/lib/directory/schema'
import { getFormat } from '@/lib/i18n/get-format'
import { OpeningRow } from './opening-row'
import { openingRows } from './opening-rows'

type OfferFieldsProps = {
  readonly areas: readonly AreaView[]
  readonly languages?: readonly string[]
  /** The spans that it has: a day with several has a row for each. */
  readonly opening?: readonly OpeningSpan[]
}

/** What an entry says and may change: its name, for whom it is, where and when. */
export async function OfferFields({ areas, languages = [], opening = [] }: OfferFieldsProps) {
  const t = await getTranslations('directory.form')
  const codes = await getTranslations('people.codes')
  const days = await getTranslations('directory.day')
  const format = await getFormat()
  return (
    <>
      <TextInput name="name" label={t('name')} hint={t('name_hint')} maxLength={80} />
      <TextArea name="description" label={t('description')} hint={t('description_hint')} maxLength={600} optional />
      <TextInput name="minAge" label={t('min_age')} width="xs" inputMode="numeric" maxLength={3} optional />
      <TextInput name="maxAge" label={t('max_age')} width="xs" inputMode="numeric" maxLength={3} optional />
      <CheckRows
        name="genders"
        label={t('genders')}
        hint={t('genders_hint')}
        columns={2}
        choices={FOR_GENDERS.map((value) => ({ value, label: codes(`gender.${value}`) }))}
        optional
      />
      <Combobox
        name="languages"
        label={t('languages')}
        hint={t('languages_hint')}
        lookup="languages"
        many
        chosen={languages.map((value) => ({ value, label: format.language(value) }))}
        optional
      />
      <CheckBox name="interpreters" label={t('interpreters')} />
      {areas.length === 0 ? null : (
        <CheckRows
          name="areas"
          label={t('areas')}
          hint={t('areas_hint')}
          columns={2}
          choices={areas.map(({ key, name }) => ({ value: key, label: <bdi>{name}</bdi> }))}
          optional
        />
      )}
      <CheckBox name="stepFree" label={t('step_free')} />
      <CheckBox name="withChildren" label={t('with_children')} />
      <CheckBox name="alwaysOpen" label={t('always')} />
      <fieldset className="min-w-0">
        <legend className="font-semibold">{t('opening')}</legend>
        <p className="text-note text-ink-2">{t('opening_hint')}</p>
        <div className="mt-2 grid gap-3">
          {openingRows(opening).map(({ index, day }) => (
            <OpeningRow
              key={index}
              name={`opening.${String(index)}`}
              day={day}
              dayName={days(`${day as 1}`)}
              opens={t('opens')}
              closes={t('closes')}
            />
          ))}
        </div>
      </fieldset>
    </>
  )
}
