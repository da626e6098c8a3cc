import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { CaseFormPage } from '@/components/cases/case-form-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { Details } from '@/components/ui/details'
import { ActionForm } from '@/components/ui/form'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { CODE_LISTS, type CodeList } from '@/lib/people/codes'
import { caseMetadata } from '../case-metadata'
import { requireCase } from '../require-case'
import { saveExperienceAction } from './actions'

export const generateMetadata = titleOrMissing(
  ExperiencePage,
  async ({ params }: PageProps<'/cases/[code]/experience'>) => {
    const t = await getTranslations('cases.experience')
    return caseMetadata(params, t('page'))
  },
)

export default orMissing(ExperiencePage)

/** Multi-selects of the standard, by field of the form. */
const LISTS = [
  ['acts', 'act'],
  ['means', 'means'],
  ['purposes', 'purpose'],
  ['recruitment', 'recruitment'],
  ['sectors', 'sector'],
] as const satisfies readonly (readonly [string, CodeList])[]

/** What happened, after article 3 of the Palermo Protocol. Every part is folded until it is opened. */
async function ExperiencePage({ params }: PageProps<'/cases/[code]/experience'>) {
  const { code } = await params
  const { case: shown, audience } = await requireCase(code, 'change')
  const t = await getTranslations('cases')
  const all = await getTranslations()
  const format = await getFormat()
  type Key = Parameters<typeof all>[0]
  const label = (list: CodeList, value: string) => all(`people.codes.${list}.${value}` as Key)
  const here = `/cases/${shown.code}`
  const content = shown.content
  const chosen = (values: readonly string[] | undefined) => t('experience.chosen', { count: values?.length ?? 0 })
  const initial = await initialForm(
    {
      acts: content?.acts,
      means: content?.means,
      purposes: content?.purposes,
      recruitment: content?.recruitment,
      sectors: content?.sectors,
      places: content?.places,
      recruiterRelation: content?.recruiterRelation,
    },
    `${here}/experience`,
  )
  const relation = content?.recruiterRelation ?? null
  return (
    <CaseFormPage shown={shown} title={t('experience.title')} intro={t('experience.intro')}>
      <ActionForm
        action={saveExperienceAction}
        initial={initial}
        submit={t('experience.submit')}
        cancel={{ href: here }}
        hidden={{ case: shown.code, version: String(shown.version) }}
        {...(audience === null ? {} : { footer: <AudienceLine audience={audience} caseCode={shown.code} /> })}
      >
        <div>
          {LISTS.map(([field, list]) => (
            <Details key={field} summary={t(`experience.${field}`)} value={chosen(content?.[field])}>
              <CheckRows
                name={field}
                label={t(`experience.${field}`)}
                columns={2}
                choices={CODE_LISTS[list].map((value) => ({ value, label: label(list, value) }))}
              />
            </Details>
          ))}
          <Details summary={t('experience.recruiter')} value={chosen(relation === null ? [] : [relation])}>
            <RadioRows
              name="recruiterRelation"
              label={t('experience.recruiter')}
              columns={2}
              choices={CODE_LISTS.recruiterRelation.map((value) => ({
                value,
                label: label('recruiterRelation', value),
              }))}
            />
          </Details>
          <Details summary={t('experience.places')} value={chosen(content?.places)}>
            <Combobox
              name="places"
              label={t('experience.places')}
              hint={t('experience.places_hint')}
              lookup="countries"
              many
              chosen={(content?.places ?? []).map((place) => ({
                value: place,
                label: format.country(place.slice(0, 2)) + (place.length > 2 ? ` (${place})` : ''),
              }))}
            />
          </Details>
        </div>
      </ActionForm>
    </CaseFormPage>
  )
}
