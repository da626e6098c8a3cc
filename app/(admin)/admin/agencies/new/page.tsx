import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { AGENCY_KINDS } from '@/lib/agencies/administration-schema'
import { listAdministeredAgencies } from '@/lib/agencies/administration-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { createAgencyAction } from '../actions'

const PATH = '/admin/agencies/new'

export const generateMetadata = titleOrMissing(NewAgencyPage, async () => {
  const t = await getTranslations('agencies.new_agency')
  return { title: t('page_title') }
})

export default orMissing(NewAgencyPage)

async function NewAgencyPage() {
  const actor = await requireActor()
  const found = await listAdministeredAgencies(actor)
  if (!found.ok) notFound()
  const { networks } = found.value
  const t = await getTranslations('agencies')
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
  const initial = await initialForm({ network: networks[0]?.key, timeZone: actor.timeZone, kind: 'ngo' }, PATH)
  return (
    <>
      <PageHeader title={t('new_agency.title')} crumbs={[{ label: t('agencies.title'), href: '/admin/agencies' }]} />
      <ActionForm
        action={createAgencyAction}
        initial={initial}
        submit={t('new_agency.submit')}
        cancel={{ href: '/admin/agencies' }}
      >
        <TextInput name="name" label={t('agency.name.label')} maxLength={120} focusFirst />
        <TextInput
          name="key"
          label={t('agency.key.label')}
          hint={t('agency.key.hint')}
          maxLength={31}
          width="sm"
          code
        />
        <RadioRows
          name="kind"
          label={t('agency.kind.label')}
          columns={2}
          choices={AGENCY_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
        <Select
          name="network"
          label={t('agency.network.label')}
          empty={false}
          options={networks.map(({ key, name }) => ({ value: key, label: name }))}
        />
        <Combobox name="country" label={t('agency.country.label')} lookup="countries" />
        <Select
          name="timeZone"
          label={t('agency.zone.label')}
          empty={false}
          options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
        />
        <TextInput
          name="administrator.name"
          label={t('new_agency.administrator_name')}
          hint={t('new_agency.administrator_hint')}
          maxLength={120}
        />
        <TextInput
          name="administrator.email"
          label={t('new_agency.administrator_email')}
          type="email"
          maxLength={254}
        />
      </ActionForm>
    </>
  )
}
