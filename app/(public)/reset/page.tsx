import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import { askResetAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.reset')
  return { title: t('page_title') }
}

/** Asks for a link to set a new password. */
export default async function ResetPage() {
  const t = await getTranslations('auth')
  return (
    <>
      <PageHeader title={t('reset.title')} />
      <p className="measure mb-6">{t('reset.explain')}</p>
      <ActionForm
        action={askResetAction}
        initial={await initialForm()}
        submit={t('reset.submit')}
        cancel={{ href: '/sign-in' }}
      >
        <TextInput
          name="email"
          label={t('sign_in.email')}
          type="email"
          autoComplete="username"
          maxLength={254}
          focusFirst
        />
      </ActionForm>
    </>
  )
}
