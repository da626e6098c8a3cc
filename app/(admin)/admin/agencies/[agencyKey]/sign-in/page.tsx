import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { TextInput } from '@/components/ui/text-input'
import { viewProvider } from '@/lib/agencies/provider-service'
import { callbackAddress } from '@/lib/auth/provider/protocol'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { setProviderAction } from './actions'

type Props = PageProps<'/admin/agencies/[agencyKey]/sign-in'>

export const generateMetadata = titleOrMissing(ProviderPage, async () => {
  const t = await getTranslations('agencies.provider')
  return { title: t('page_title') }
})

export default orMissing(ProviderPage)

/** Where an agency's members may sign in with what their agency gave them. */
async function ProviderPage({ params }: Props) {
  const { agencyKey } = await params
  const found = await viewProvider(await requireActor(), agencyKey)
  if (!found.ok) notFound()
  const { agency, provider } = found.value
  const t = await getTranslations('agencies')
  const initial = await initialForm({
    issuer: provider?.issuer ?? '',
    clientId: provider?.clientId ?? '',
    strongAcr: provider?.strongAcr.join(' ') ?? '',
    strongAmr: provider?.strongAmr.join(' ') ?? 'mfa hwk otp',
  })
  return (
    <>
      <PageHeader
        title={t('provider.title')}
        crumbs={[
          { label: t('agencies.title'), href: '/admin/agencies' },
          { label: <bdi>{agency.name}</bdi>, href: `/admin/agencies/${agency.key}` },
        ]}
      />
      <p className="measure mb-6">{t('provider.explain')}</p>
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('provider.callback'), value: <bdi dir="ltr">{callbackAddress()}</bdi> },
            { label: t('provider.linked'), value: provider === null ? t('provider.none') : String(provider.linked) },
          ]}
        />
      </div>
      <ActionForm
        action={setProviderAction}
        initial={initial}
        submit={t('provider.submit')}
        hidden={{ agency: agency.key, version: String(provider?.version ?? 0) }}
      >
        <TextInput
          name="issuer"
          label={t('provider.issuer.label')}
          hint={t('provider.issuer.hint')}
          maxLength={300}
          width="lg"
        />
        <TextInput name="clientId" label={t('provider.client.label')} maxLength={200} />
        <PasswordInput
          name="clientSecret"
          label={t('provider.secret.label')}
          hint={provider?.hasSecret === true ? t('provider.secret.kept') : t('provider.secret.hint')}
          autoComplete="new-password"
          optional
        />
        <TextInput
          name="strongAcr"
          label={t('provider.acr.label')}
          hint={t('provider.acr.hint')}
          maxLength={2000}
          width="lg"
          optional
        />
        <TextInput
          name="strongAmr"
          label={t('provider.amr.label')}
          hint={t('provider.amr.hint')}
          maxLength={400}
          optional
        />
      </ActionForm>
      {provider === null ? null : (
        <p className="mt-8">
          <LinkButton href={`/admin/agencies/${agency.key}/sign-in/remove`}>{t('provider.remove')}</LinkButton>
        </p>
      )}
    </>
  )
}
