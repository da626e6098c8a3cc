import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { ComplaintFields } from '@/components/complaints/complaint-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { prepareMemberComplaint } from '@/lib/oversight/complaints/service'
import { fileMemberComplaintAction } from './actions'

export const generateMetadata = titleOrMissing(MemberComplaintPage, async () => {
  const t = await getTranslations('complaints')
  return { title: t('member.page_title') }
})

export default orMissing(MemberComplaintPage)

/** A member's complaint, past their own agency to the body that oversees the network. */
async function MemberComplaintPage() {
  const found = await prepareMemberComplaint(await requireActorWho('complaint:make'))
  if (!found.ok) notFound()
  const t = await getTranslations('complaints')
  return (
    <>
      <PageHeader title={t('member.title')} facts={<span className="measure">{t('member.intro')}</span>} />
      <div className="measure mb-6">
        <Notice tone="warn" icon="triangle-alert">
          {t('no_name')}
        </Notice>
      </div>
      <ActionForm
        action={fileMemberComplaintAction}
        initial={await initialForm({}, '/complaints/member')}
        submit={t('member.submit')}
        cancel={{ href: '/more' }}
        footer={<p className="measure text-note text-ink-2">{t('member.who_reads')}</p>}
      >
        <Select
          name="agency"
          label={t('member.agency')}
          empty={t('member.no_agency')}
          options={found.value.agencies.map(({ key, name }) => ({ value: key, label: name }))}
          optional
        />
        <ComplaintFields />
        <CheckRows
          name="named"
          label={t('member.named_label')}
          choices={[{ value: 'yes', label: t('member.named_tick') }]}
          optional
        />
      </ActionForm>
    </>
  )
}
