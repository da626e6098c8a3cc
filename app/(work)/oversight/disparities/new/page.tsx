import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { ADJUSTERS, OUTCOME_KEYS } from '@/lib/oversight/disparities/schema'
import { listDisparities } from '@/lib/oversight/disparities/service'
import { GROUNDS } from '@/lib/reporting/cube/schema'
import { runDisparityAction } from '../actions'

const PATH = '/oversight/disparities'

type Props = PageProps<'/oversight/disparities/new'>

export const generateMetadata = titleOrMissing(NewDisparityPage, async () => {
  const t = await getTranslations('disparities.new')
  return { title: t('page_title') }
})

export default orMissing(NewDisparityPage)

/** A question to a frozen period: which outcome, between whom, where, with what held equal. */
async function NewDisparityPage({ searchParams }: Props) {
  const found = await listDisparities(await requireActor())
  if (!found.ok || found.value.choices.periods.length === 0) notFound()
  const { periods, agencies } = found.value.choices
  const asked = await searchParams
  const chosen = <T extends string>(name: string, among: readonly T[], usual: T | '') =>
    among.find((one) => one === asked[name]) ?? usual
  const held = [asked['adjustFor'] ?? ''].flat().flatMap((some) => some.split(','))
  const t = await getTranslations('disparities')
  const categories = await getTranslations('mandate.categories')
  return (
    <>
      <PageHeader title={t('new.title')} crumbs={[{ label: t('title'), href: PATH }]} />
      <ActionForm
        action={runDisparityAction}
        initial={await initialForm(
          {
            outcome: chosen('outcome', OUTCOME_KEYS, 'met_in_time'),
            ground: chosen('ground', GROUNDS, 'language'),
            period: chosen(
              'period',
              periods.map(({ period }) => period),
              periods[0]?.period ?? '',
            ),
            adjustFor: ADJUSTERS.filter((one) => held.includes(one)),
          },
          `${PATH}/new`,
        )}
        submit={t('new.submit')}
        cancel={{ href: PATH }}
      >
        <Select
          name="outcome"
          label={t('outcome_label')}
          options={OUTCOME_KEYS.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        />
        <Select
          name="ground"
          label={t('ground_label')}
          options={GROUNDS.map((value) => ({ value, label: t(`ground.${value}`) }))}
        />
        <Select
          name="period"
          label={t('period_label')}
          options={periods.map(({ period }) => ({ value: period, label: period }))}
        />
        <Select
          name="category"
          label={t('category_label')}
          optional
          empty={t('any_category')}
          options={CATEGORY_KEYS.map((value) => ({ value, label: categories(value) }))}
        />
        <Select
          name="agency"
          label={t('agency_label')}
          optional
          empty={t('any_agency')}
          options={agencies.map(({ key, name }) => ({ value: key, label: name }))}
        />
        <CheckRows
          name="adjustFor"
          label={t('adjust_label')}
          hint={t('new.adjust_hint')}
          optional
          columns={2}
          choices={ADJUSTERS.map((value) => ({ value, label: t(`adjuster.${value}`) }))}
        />
      </ActionForm>
    </>
  )
}
