import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { listAdministeredAgencies } from '@/lib/agencies/administration-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { createPaperAgencyAction } from '../../actions'
import { AgencyFields } from '../../agency-fields'

const PATH = '/admin/agencies/new/paper'

export const generateMetadata = titleOrMissing(NewPaperAgencyPage, async () => {
  const t = await getTranslations('agencies.paper')
  return { title: t('page_title') }
})

export default orMissing(NewPaperAgencyPage)

/** An agency without Amparo: it can be referred to on paper, and nobody signs in there. */
async function NewPaperAgencyPage() {
  const actor = await requireActor()
  const found = await listAdministeredAgencies(actor)
  if (!found.ok) notFound()
  const { networks } = found.value
  const t = await getTranslations('agencies')
  const initial = await initialForm({ network: networks[0]?.key, timeZone: actor.timeZone, kind: 'ngo' }, PATH)
  return (
    <>
      <PageHeader title={t('paper.title')} crumbs={[{ label: t('agencies.title'), href: '/admin/agencies' }]} />
      <p className="measure mb-6">{t('paper.intro')}</p>
      <ActionForm
        action={createPaperAgencyAction}
        initial={initial}
        submit={t('paper.submit')}
        cancel={{ href: '/admin/agencies' }}
      >
        <AgencyFields networks={networks} />
        <TextArea
          name="contact"
          label={t('agency.contact.label')}
          hint={t('agency.contact.hint')}
          maxLength={500}
          rows={3}
        />
      </ActionForm>
    </>
  )
}
