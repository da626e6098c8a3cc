import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { readLink } from '@/lib/auth/link-cookie'
import { viewInvitation } from '@/lib/auth/passwords'
import { joinsThroughProvider } from '@/lib/auth/provider/service'
import { initialForm } from '@/lib/forms/initial-form'
import { joinThroughProviderAction } from '../sign-in/agency/actions'
import { acceptInvitationAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.invite')
  return { title: t('page_title') }
}

/** A link that is used, too old or never was gets the same page. */
export default async function InvitePage() {
  const t = await getTranslations('auth')
  const secret = await readLink('invitation')
  const invitation = secret === null ? null : await viewInvitation(secret)
  if (secret === null || invitation === null) {
    return (
      <>
        <PageHeader title={t('invite.gone_title')} />
        <p className="measure">{t('invite.gone')}</p>
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('invite.title', { agency: invitation.agencyName })} />
      <div className="mb-8">
        <Facts
          facts={[
            { label: t('invite.name'), value: <bdi>{invitation.displayName}</bdi> },
            { label: t('invite.email'), value: <bdi dir="ltr">{invitation.email}</bdi> },
          ]}
        />
      </div>
      <ActionForm action={acceptInvitationAction} initial={await initialForm()} submit={t('invite.submit')}>
        <PasswordInput
          name="password"
          label={t('password.label')}
          hint={t(invitation.besideFactor ? 'reset.beside' : 'password.hint')}
          autoComplete="new-password"
          focusFirst
        />
        <PasswordInput name="again" label={t('password.again')} autoComplete="new-password" />
      </ActionForm>
      {(await joinsThroughProvider(secret)) ? (
        <div className="mt-8">
          <ActionForm
            action={joinThroughProviderAction}
            initial={await initialForm()}
            submit={t('provider.join')}
            tone="secondary"
          />
        </div>
      ) : null}
    </>
  )
}
