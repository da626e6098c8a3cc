import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { readLink } from '@/lib/auth/link-cookie'
import { viewReset } from '@/lib/auth/reset'
import { initialForm } from '@/lib/forms/initial-form'
import { completeResetAction } from '../actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.reset')
  return { title: t('page_title') }
}

/** Sets a new password by a link. One that is used, too old or never was gets the same page. */
export default async function SetPasswordPage() {
  const t = await getTranslations('auth')
  const secret = await readLink('reset')
  const found = secret === null ? null : await viewReset(secret)
  if (found === null) {
    return (
      <>
        <PageHeader title={t('reset.gone_title')} />
        <p className="measure mb-6">{t('reset.gone')}</p>
        <LinkButton href="/reset">{t('reset.ask')}</LinkButton>
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('reset.set_title')} />
      <ActionForm action={completeResetAction} initial={await initialForm()} submit={t('reset.set_submit')}>
        <PasswordInput
          name="password"
          label={t('password.new')}
          hint={t(found.besideFactor ? 'reset.beside' : 'password.hint')}
          autoComplete="new-password"
          focusFirst
        />
        <PasswordInput name="again" label={t('password.again')} autoComplete="new-password" />
      </ActionForm>
    </>
  )
}
