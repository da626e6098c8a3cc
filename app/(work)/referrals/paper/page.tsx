import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { UrgencyRows } from '@/components/referrals/offered-fields'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { CONSENT_SAYS } from '@/lib/referrals/paper/schema'
import { paperAgencies } from '@/lib/referrals/paper/service'
import { takeInPaperAction } from './actions'

const PATH = '/referrals/paper'

export const generateMetadata = titleOrMissing(TakeInPaperPage, async () => {
  const t = await getTranslations('referrals.paper.in')
  return { title: t('page_title') }
})

export default orMissing(TakeInPaperPage)

/** A form that came on paper, typed in: from whom, when, for what, and what it says of consent. */
async function TakeInPaperPage() {
  const found = await paperAgencies(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('referrals')
  const categories = await getTranslations('mandate.categories')
  return (
    <>
      <PageHeader
        title={t('paper.in.title')}
        crumbs={[{ label: t('title'), href: '/referrals' }]}
        facts={<span className="measure">{t('paper.in.intro')}</span>}
      />
      <p className="mb-6">
        <AppLink href={`${PATH}/blank`} className="text-action-ink underline">
          {t('paper.blank')}
        </AppLink>
      </p>
      <ActionForm
        action={takeInPaperAction}
        initial={await initialForm({}, PATH)}
        submit={t('paper.in.submit')}
        cancel={{ href: '/referrals' }}
      >
        <Select
          name="agency"
          label={t('paper.in.agency')}
          hint={t('paper.in.agency_hint')}
          empty={t('paper.in.other')}
          options={found.value.map(({ key, name }) => ({ value: key, label: name }))}
          optional
        />
        <TextInput name="agencyName" label={t('paper.in.agency_name')} maxLength={120} optional />
        <DateField name="receivedOn" label={t('paper.in.received')} calendar />
        <CheckRows
          name="categories"
          label={t('record.needs')}
          columns={2}
          choices={CATEGORY_KEYS.map((value) => ({ value, label: categories(value) }))}
        />
        <UrgencyRows label={t('new.urgency')} />
        <RadioRows
          name="consentSays"
          label={t('paper.consent_says')}
          hint={t('paper.in.consent_hint')}
          choices={CONSENT_SAYS.map((value) => ({ value, label: t(`paper.says.${value}`) }))}
        />
        <TextInput
          name="case"
          label={t('paper.in.case')}
          hint={t('paper.in.case_hint')}
          maxLength={64}
          width="sm"
          code
          optional
        />
      </ActionForm>
    </>
  )
}
