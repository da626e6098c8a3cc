import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { redirect } from 'next/navigation'
import { firstPage } from '@/components/layout/navigation'
import { Button, LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { currentSignInState } from '@/lib/auth/factor-session'
import { isWaiting } from '@/lib/auth/factors'
import { requireActor } from '@/lib/auth/require-actor'
import { pathToReturnTo } from '@/lib/auth/return-path'
import { initialForm } from '@/lib/forms/initial-form'
import { beginAppAction, showCodeAction, showPasskeyAction } from './actions'
import { AnswerForms } from './answer-forms'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.mfa')
  return { title: t('page_title') }
}

/** Between the password and everything else: show the second factor, or set the first one up. */
export default async function SecondFactorPage({ searchParams }: PageProps<'/mfa'>) {
  const { next } = await searchParams
  const path = pathToReturnTo(typeof next === 'string' ? next : null)
  const state = await currentSignInState()
  if (state === null) redirect('/sign-in')
  if (!isWaiting(state)) redirect(path === '/' ? firstPage((await requireActor()).roles) : path)
  if (state.apps + state.passkeys === 0) return <SetUp />
  const t = await getTranslations('auth.mfa')
  return (
    <>
      <PageHeader title={t('title')} />
      <p className="measure mb-6">{t('answer')}</p>
      <AnswerForms
        state={state}
        path={path}
        codeAction={showCodeAction}
        passkeyAction={showPasskeyAction}
        submit={t('submit')}
      />
      <p className="measure mt-10 text-ink-2">{t('lost')}</p>
      <SignOut />
    </>
  )
}

async function SetUp() {
  const t = await getTranslations('auth.mfa')
  return (
    <>
      <PageHeader title={t('setup_title')} />
      <p className="measure mb-8">{t('setup')}</p>
      <Section title={t('app_title')}>
        <p className="measure mb-4">{t('app')}</p>
        <ActionForm action={beginAppAction} initial={await initialForm()} submit={t('app_start')} />
      </Section>
      <Section title={t('passkey_title')}>
        <p className="measure mb-4">{t('passkey')}</p>
        <LinkButton href="/mfa/passkey">{t('passkey_start')}</LinkButton>
      </Section>
      <SignOut />
    </>
  )
}

async function SignOut() {
  const t = await getTranslations('auth.mfa')
  return (
    <form method="post" action="/sign-out" className="mt-10">
      <Button>{t('sign_out')}</Button>
    </form>
  )
}
