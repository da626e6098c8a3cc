import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Repeat } from '@/components/ui/repeat'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { IDENTITY_LEVELS } from '@/lib/agencies/agreements/schema'
import { prepareAgreement } from '@/lib/agencies/agreements/service'
import { AGREEMENT_PURPOSES } from '@/lib/agencies/agreements/schema'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { proposeAgreementAction } from '../actions'

const PATH = '/agreements/new'

export const generateMetadata = titleOrMissing(ProposeAgreementPage, async () => {
  const t = await getTranslations('agreements.new')
  return { title: t('page_title') }
})

export default orMissing(ProposeAgreementPage)

/** What two or more agencies signed on paper, entered by one of them for the others to sign here. */
async function ProposeAgreementPage() {
  const found = await prepareAgreement(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('agreements')
  const categories = await getTranslations('mandate.categories')
  const purposes = await getTranslations('networks.purpose')
  return (
    <>
      <PageHeader title={t('new.title')} crumbs={[{ label: t('title'), href: '/agreements' }]} facts={t('new.intro')} />
      <ActionForm
        action={proposeAgreementAction}
        initial={await initialForm({}, PATH)}
        submit={t('new.submit')}
        cancel={{ href: '/agreements' }}
        footer={<p className="measure text-note text-ink-2">{t('new.no_person')}</p>}
      >
        <TextInput name="document" label={t('new.document')} hint={t('new.document_hint')} maxLength={120} focusFirst />
        <Repeat name="parties" legend={t('new.parties')} addLabel={t('new.add_party')} most={20}>
          <Select
            name=".agency"
            label={t('agency')}
            options={found.value.map(({ key, name }) => ({ value: key, label: name }))}
          />
        </Repeat>
        <CheckRows
          name="purposes"
          label={t('new.purposes')}
          columns={2}
          choices={AGREEMENT_PURPOSES.map((value) => ({ value, label: purposes(value) }))}
        />
        <CheckRows
          name="categories"
          label={t('new.categories')}
          columns={3}
          choices={CATEGORY_KEYS.map((value) => ({ value, label: categories(value) }))}
        />
        <RadioRows
          name="identity"
          label={t('identity_label')}
          hint={t('new.identity_hint')}
          choices={IDENTITY_LEVELS.map((value) => ({ value, label: t(`identity.${value}`) }))}
        />
        <DateField name="startsOn" label={t('starts_on')} calendar />
        <DateField name="endsOn" label={t('ends_on')} hint={t('new.ends_hint')} calendar />
      </ActionForm>
    </>
  )
}
