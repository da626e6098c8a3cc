import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { redirect } from 'next/navigation'
import { firstPage } from '@/components/layout/navigation'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { TextInput } from '@/components/ui/text-input'
import { hasProviders } from '@/lib/auth/provider/service'
import { currentActor } from '@/lib/auth/require-actor'
import { isHalfSignedIn } from '@/lib/auth/factor-session'
import { factorAddress, pathToReturnTo } from '@/lib/auth/return-path'
import { signInPage } from '@/lib/auth/sessions'
import { initialForm } from '@/lib/forms/initial-form'
import { signInAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.sign_in')
  return { title: t('page_title') }
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, error } = await searchParams
  const path = pathToReturnTo(typeof next === 'string' ? next : null)
  const actor = await currentActor()
  if (actor !== null) redirect(path === '/' ? firstPage(actor.roles) : path)
  if (await isHalfSignedIn()) redirect(factorAddress(path))
  const { administered, demonstration, accounts } = await signInPage()
  if (!administered && !demonstration) redirect('/setup')
  const t = await getTranslations('auth.sign_in')
  const forgotten = await getTranslations('auth.reset')
  return (
    <div className="grid gap-8">
      <div>
        <PageHeader title={t('title')} />
        {error === undefined ? null : (
          <div className="mb-6">
            <Notice tone="warn">{t('wrong')}</Notice>
          </div>
        )}
        <ActionForm action={signInAction} initial={await initialForm()} submit={t('submit')} hidden={{ next: path }}>
          <TextInput name="email" label={t('email')} type="email" autoComplete="username" maxLength={254} focusFirst />
          <PasswordInput name="password" label={t('password')} autoComplete="current-password" />
        </ActionForm>
        {(await hasProviders()) ? (
          <p className="mt-6">
            <AppLink href="/sign-in/agency" className="text-action-ink underline">
              {t('through_agency')}
            </AppLink>
          </p>
        ) : null}
        <p className="mt-6">
          <AppLink href="/reset">{forgotten('link')}</AppLink>
        </p>
      </div>
      {demonstration ? <DemonstrationAccounts accounts={accounts} /> : null}
    </div>
  )
}

async function DemonstrationAccounts({ accounts }: { readonly accounts: readonly string[] }) {
  const t = await getTranslations('auth.sign_in')
  return (
    <Notice title={t('demonstration_title')}>
      <p>{t('demonstration')}</p>
      <ul className="mt-2 grid gap-x-6 sm:grid-cols-2">
        {accounts.map((account) => (
          <li key={account}>
            <bdi dir="ltr">{account}</bdi>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
