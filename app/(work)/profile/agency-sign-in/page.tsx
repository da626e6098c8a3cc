import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { linkProviderAction, unlinkProviderAction } from '@/app/(public)/sign-in/agency/actions'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewOwnProvider } from '@/lib/auth/provider/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'

export const generateMetadata = titleOrMissing(AgencySignInPage, async () => {
  const t = await getTranslations('auth.provider')
  return { title: t('own.page_title') }
})

export default orMissing(AgencySignInPage)

/** The member's own link to the place where their agency signs in; not there where the agency has none. */
async function AgencySignInPage() {
  const found = await viewOwnProvider(await requireActor())
  if (!found.ok || found.value === null) notFound()
  const { host, linkedAt, hasPassword } = found.value
  const t = await getTranslations()
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('auth.provider.own.title')} crumbs={[{ label: t('profile.title'), href: '/profile' }]} />
      <p className="measure mb-6">
        {linkedAt === null
          ? t('auth.provider.own.not_linked', { host })
          : t('auth.provider.own.linked', { host, when: format.moment(linkedAt) })}
      </p>
      {linkedAt === null ? (
        <ActionForm action={linkProviderAction} initial={await initialForm()} submit={t('auth.provider.own.link')} />
      ) : hasPassword ? (
        <ActionForm
          action={unlinkProviderAction}
          initial={await initialForm()}
          submit={t('auth.provider.own.unlink')}
          tone="secondary"
        />
      ) : (
        <p className="measure text-ink-2">{t('auth.provider.last_way_in')}</p>
      )}
    </>
  )
}
