import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { CategoryIcon } from '@/components/assistance/category-tile'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import {
  SEEN_AGES,
  SEEN_FACTS,
  SENT_TO,
  TOLD_STATUSES,
  TURNED_AWAY_REASONS,
  type TurnedAwayForm,
} from '@/lib/assistance/turned-away/schema'
import { prepareTurnedAway } from '@/lib/assistance/turned-away/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { GENDERS } from '@/lib/people/codes'
import { recordTurnedAwayAction } from '../actions'

export const generateMetadata = titleOrMissing(NewTurnedAwayPage, async () => {
  const t = await getTranslations('turned_away.new')
  return { title: t('page_title') }
})

export default orMissing(NewTurnedAwayPage)

/** Three answers and Save; what could be seen of the person below, as far as it is known. Nobody's name is asked. */
async function NewTurnedAwayPage() {
  const found = await prepareTurnedAway(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('turned_away')
  const categories = await getTranslations('mandate.categories')
  const initial = await initialForm({}, '/turned-away/new')
  return (
    <>
      <PageHeader
        title={t('new.title')}
        crumbs={[{ label: t('title'), href: '/turned-away' }]}
        facts={t('new.no_name')}
        secondary={<AppLink href="/turned-away/blank">{t('blank.link')}</AppLink>}
      />
      <ActionForm
        action={recordTurnedAwayAction}
        initial={initial}
        submit={t('new.save')}
        also={[{ intent: 'another', label: t('new.another') }]}
        cancel={{ href: '/turned-away' }}
      >
        <RadioRows
          name="reason"
          label={t('reason_label')}
          columns={2}
          focusFirst
          choices={TURNED_AWAY_REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        />
        <RadioRows
          name="category"
          label={t('category_label')}
          columns={3}
          choices={CATEGORY_KEYS.map((value) => ({
            value,
            label: categories(value),
            icon: <CategoryIcon category={value} size="sm" />,
          }))}
        />
        <SentTo agencies={found.value.agencies} />
        <Seen />
        <DateField
          name="askedOn"
          label={t('asked_on')}
          calendar
          quick={[
            { value: found.value.today, label: t('today') },
            { value: found.value.yesterday, label: t('yesterday') },
          ]}
        />
      </ActionForm>
    </>
  )
}

async function SentTo({ agencies }: Pick<TurnedAwayForm, 'agencies'>) {
  const t = await getTranslations('turned_away')
  return (
    <RadioRows
      name="sentTo"
      label={t('sent_to_label')}
      columns={2}
      choices={SENT_TO.map((value) => ({
        value,
        label: t(`sent_to.${value}`),
        ...(value === 'agency' && agencies.length > 0
          ? {
              revealed: (
                <Select
                  name="sentAgency"
                  label={t('sent_agency')}
                  empty={t('sent_agency_none')}
                  options={agencies.map(({ key, name }) => ({ value: key, label: name }))}
                  optional
                />
              ),
            }
          : {}),
      }))}
    />
  )
}

/** The grounds on which people are treated unequally, as far as they showed. All may stay empty. */
async function Seen() {
  const t = await getTranslations('turned_away')
  const codes = await getTranslations('people.codes')
  return (
    <fieldset className="grid max-w-3xl gap-4 border-s-2 border-line ps-5">
      <legend className="mb-2 font-semibold">{t('seen_label')}</legend>
      <p className="text-note text-ink-2">{t('seen_hint')}</p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          name="gender"
          label={t('gender')}
          empty={t('not_seen')}
          options={GENDERS.map((value) => ({ value, label: codes(`gender.${value}`) }))}
          optional
        />
        <Select
          name="age"
          label={t('age_label')}
          empty={t('not_seen')}
          options={SEEN_AGES.map((value) => ({ value, label: t(`age.${value}`) }))}
          optional
        />
        <Select
          name="migration"
          label={t('migration_label')}
          empty={t('not_told')}
          options={TOLD_STATUSES.map((value) => ({ value, label: t(`migration.${value}`) }))}
          optional
        />
        <Combobox name="language" label={t('language')} lookup="languages" optional />
      </div>
      <CheckRows
        name="seen"
        label={t('also_seen')}
        columns={2}
        choices={SEEN_FACTS.map((value) => ({ value, label: t(`seen.${value}`) }))}
        optional
      />
    </fieldset>
  )
}
