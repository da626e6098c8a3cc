import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { PasswordInput } from '@/components/ui/password-input'
import { initialForm } from '@/lib/forms/initial-form'
import { changePasswordAction } from './actions'

/** A new password, after the present one has been shown. */
export async function PasswordForm() {
  const t = await getTranslations()
  return (
    <ActionForm
      action={changePasswordAction}
      initial={await initialForm()}
      submit={t('profile.password.submit')}
      label={t('profile.password.title')}
      footer={<p className="measure text-note text-ink-2">{t('profile.password.signs_out')}</p>}
    >
      <PasswordInput name="current" label={t('auth.password.current')} autoComplete="current-password" />
      <PasswordInput
        name="password"
        label={t('auth.password.new')}
        hint={t('auth.password.hint')}
        autoComplete="new-password"
      />
      <PasswordInput name="again" label={t('auth.password.again')} autoComplete="new-password" />
    </ActionForm>
  )
}
