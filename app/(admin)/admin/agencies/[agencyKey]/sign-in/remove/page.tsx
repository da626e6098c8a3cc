import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewProvider } from '@/lib/agencies/provider-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { removeProviderAction } from '../actions'

type Props = PageProps<'/admin/agencies/[agencyKey]/sign-in/remove'>

export const generateMetadata = titleOrMissing(RemoveProviderPage, async () => {
  const t = await getTranslations('agencies.provider')
  return { title: t('page_title') }
})

export default orMissing(RemoveProviderPage)

async function RemoveProviderPage({ params }: Props) {
  const { agencyKey } = await params
  const found = await viewProvider(await requireActor(), agencyKey)
  if (!found.ok || found.value.provider === null) notFound()
  const { agency, provider } = found.value
  const back = `/admin/agencies/${agency.key}/sign-in`
  const t = await getTranslations('agencies')
  return (
    <>
      <PageHeader
        title={t('provider.remove_title')}
        crumbs={[
          { label: t('agencies.title'), href: '/admin/agencies' },
          { label: <bdi>{agency.name}</bdi>, href: `/admin/agencies/${agency.key}` },
        ]}
      />
      <Confirmation will={[t('provider.remove_ends', { count: provider.linked }), t('provider.remove_password')]}>
        <ActionForm
          action={removeProviderAction}
          initial={await initialForm()}
          submit={t('provider.remove')}
          tone="stop"
          cancel={{ href: back, label: t('provider.keep') }}
          cancelFirst
          hidden={{ agency: agency.key, version: String(provider.version) }}
        />
      </Confirmation>
    </>
  )
}
