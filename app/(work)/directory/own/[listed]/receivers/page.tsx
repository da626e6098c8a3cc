import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ReceiverFields } from '@/components/directory/receiver-fields'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { prepareOffer, viewListedService } from '@/lib/directory/service'
import { initialForm } from '@/lib/forms/initial-form'
import { setReceiversAction } from '../../../actions'

type Props = PageProps<'/directory/own/[listed]/receivers'>

export const generateMetadata = titleOrMissing(ReceiversPage, async () => {
  const t = await getTranslations('directory.form')
  return { title: t('receivers_page_title') }
})

export default orMissing(ReceiversPage)

/** Who answers referrals to a service, and who stands in. */
async function ReceiversPage({ params }: Props) {
  const actor = await requireActorWho('directory:keep')
  const found = await viewListedService(actor, { service: (await params).listed })
  const choices = await prepareOffer(actor)
  if (!found.ok || !choices.ok || !found.value.may.change) notFound()
  const { code, name, agency, version, answering } = found.value
  const t = await getTranslations('directory')
  const here = `/directory/${agency}/${code}`
  const named = (standsIn: boolean) =>
    (answering ?? []).filter((one) => one.standsIn === standsIn).map((one) => one.code)
  return (
    <>
      <PageHeader
        title={t('form.receivers_title')}
        crumbs={[
          { label: t('own.title'), href: '/directory/own' },
          { label: <bdi>{name}</bdi>, href: here },
        ]}
      />
      <ActionForm
        action={setReceiversAction}
        initial={await initialForm(
          { receivers: named(false), standIns: named(true) },
          `/directory/own/${code}/receivers`,
        )}
        submit={t('form.receivers_submit')}
        cancel={{ href: here }}
        hidden={{ service: code, version: String(version) }}
      >
        <ReceiverFields members={choices.value.members} />
      </ActionForm>
    </>
  )
}
