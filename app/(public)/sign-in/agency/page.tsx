import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { redirect } from 'next/navigation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { currentActor } from '@/lib/auth/require-actor'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { initialForm } from '@/lib/forms/initial-form'
import { chooseProviderAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.provider')
  return { title: t('page_title') }
}

/** Asks which agency's own place to sign in it is to be. By its short name: a list would tell strangers who takes part. */
export default async function AgencySignInPage({ searchParams }: PageProps<'/sign-in/agency'>) {
  const { next } = await searchParams
  const path = pathToReturnTo(typeof next === 'string' ? next : null)
  if ((await currentActor()) !== null) redirect(path)
  const t = await getTranslations('auth.provider')
  return (
    <>
      <PageHeader title={t('title')} />
      <p className="measure mb-6">{t('explain')}</p>
      <ActionForm
        action={chooseProviderAction}
        initial={await initialForm()}
        submit={t('submit')}
        cancel={{ href: '/sign-in', label: t('with_password') }}
        hidden={{ next: path }}
      >
        <TextInput
          name="agency"
          label={t('agency.label')}
          hint={t('agency.hint')}
          autoComplete="organization"
          maxLength={40}
          width="sm"
          focusFirst
        />
      </ActionForm>
    </>
  )
}
