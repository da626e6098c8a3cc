import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { IDLE_MINUTES } from '@/lib/agencies/own-agency-schema'
import { viewOwnAgency } from '@/lib/agencies/own-agency-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { changeOwnAgencyAction } from '../actions'

export const generateMetadata = titleOrMissing(ChangeOwnAgencyPage, async () => {
  const t = await getTranslations('agencies.own')
  return { title: t('change_title') }
})

export default orMissing(ChangeOwnAgencyPage)

async function ChangeOwnAgencyPage() {
  const found = await viewOwnAgency(await requireActor())
  if (!found.ok) notFound()
  const { productName, leaveUrl, idleMinutes, version } = found.value
  const t = await getTranslations('agencies.own')
  const network = await getTranslations('networks.leave_url')
  const starting = {
    productName: productName === null ? [] : [productName],
    leaveUrl: leaveUrl === null ? [] : [leaveUrl],
    idleMinutes: [String(idleMinutes)],
  }
  return (
    <>
      <PageHeader title={t('change')} crumbs={[{ label: t('title'), href: '/admin/agency' }]} />
      <ActionForm
        action={changeOwnAgencyAction}
        initial={await initialForm(starting, '/admin/agency/change')}
        submit={t('save')}
        cancel={{ href: '/admin/agency' }}
        hidden={{ version: String(version) }}
        footer={<p className="measure text-note text-ink-2">{t('effect')}</p>}
      >
        <TextInput name="productName" label={t('product.label')} hint={t('product.hint')} maxLength={40} optional />
        <TextInput
          name="leaveUrl"
          label={network('label')}
          hint={t('leave_hint')}
          type="url"
          maxLength={300}
          optional
        />
        <RadioRows
          name="idleMinutes"
          label={t('idle.label')}
          choices={IDLE_MINUTES.map((minutes) => ({ value: minutes, label: t('idle.minutes', { minutes }) }))}
        />
      </ActionForm>
    </>
  )
}
