import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { SEEN_AGES, SEEN_FACTS, SENT_TO, TOLD_STATUSES, TURNED_AWAY_REASONS } from '@/lib/assistance/turned-away/schema'
import { requireActorWho } from '@/lib/auth/require-actor'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { GENDERS } from '@/lib/people/codes'

export const generateMetadata = titleOrMissing(BlankTurnedAwayPage, async () => {
  const t = await getTranslations('turned_away.blank')
  return { title: t('page_title') }
})

export default orMissing(BlankTurnedAwayPage)

/** The form on paper, for a power cut or a door without a computer: boxes to tick, no line for a name. */
async function BlankTurnedAwayPage() {
  await requireActorWho('turned-away:record')
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  const codes = await getTranslations('people.codes')
  return (
    <>
      <PageHeader
        title={t('blank.title')}
        crumbs={[{ label: t('title'), href: '/turned-away' }]}
        facts={t('blank.no_name')}
        primary={<PrintButton label={t('blank.print')} />}
      />
      <div className="grid max-w-prose gap-5">
        <Line label={t('asked_on')} />
        <Boxes label={t('reason_label')} answers={TURNED_AWAY_REASONS.map((value) => t(`reason.${value}`))} />
        <Boxes label={t('category_label')} answers={CATEGORY_KEYS.map((value) => categories(value))} />
        <Boxes label={t('sent_to_label')} answers={SENT_TO.map((value) => t(`sent_to.${value}`))} />
        <Line label={t('sent_agency')} />
        <Boxes label={t('gender')} answers={GENDERS.map((value) => codes(`gender.${value}`))} />
        <Boxes label={t('age_label')} answers={SEEN_AGES.map((value) => t(`age.${value}`))} />
        <Boxes label={t('migration_label')} answers={TOLD_STATUSES.map((value) => t(`migration.${value}`))} />
        <Boxes label={t('also_seen')} answers={SEEN_FACTS.map((value) => t(`seen.${value}`))} />
        <Line label={t('language')} />
      </div>
    </>
  )
}

function Boxes({ label, answers }: { readonly label: string; readonly answers: readonly string[] }) {
  return (
    <section>
      <h2 className="font-semibold">{label}</h2>
      <ul className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
        {answers.map((answer) => (
          <li key={answer}>
            <span aria-hidden="true" className="me-2">
              ☐
            </span>
            {answer}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Line({ label }: { readonly label: string }) {
  return (
    <section className="flex items-end gap-3">
      <h2 className="font-semibold">{label}</h2>
      <span aria-hidden="true" className="h-6 flex-1 border-b border-edge" />
    </section>
  )
}
