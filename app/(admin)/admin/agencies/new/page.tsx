import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { listAdministeredAgencies } from '@/lib/agencies/administration-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { createAgencyAction } from '../actions'
import { AgencyFields } from '../agency-fields'

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
        <AgencyFields networks={networks} />
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
