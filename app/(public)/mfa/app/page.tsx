import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { QrSquare } from '@/components/auth/qr-square'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { requireEnrolment, requireSession } from '@/lib/auth/factor-session'
import { viewPendingApp } from '@/lib/auth/factors'
import { initialForm } from '@/lib/forms/initial-form'
import { beginAppAction, confirmAppAction } from '../actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.app')
  return { title: t('page_title') }
}

/** Adds an authenticator app: the square, the same as letters, and the first code, which shows that it was taken over. */
export default async function AddAppPage() {
  await requireEnrolment('/mfa/app')
  const pending = await viewPendingApp(await requireSession())
  const t = await getTranslations('auth')
  if (pending === null) {
    return (
      <>
        <PageHeader title={t('app.title')} />
        <p className="measure mb-6">{t('mfa.app')}</p>
        <ActionForm
          action={beginAppAction}
          initial={await initialForm()}
          submit={t('mfa.app_start')}
          cancel={{ href: '/profile' }}
        />
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('app.title')} />
      <p className="measure mb-6">{t('app.scan')}</p>
      <QrSquare text={pending.address} label={t('app.square')} />
      <div className="my-6">
        <Facts
          facts={[
            {
              label: t('app.secret'),
              value: (
                <code dir="ltr" data-secret>
                  {pending.secret}
                </code>
              ),
            },
          ]}
        />
      </div>
      <ActionForm action={confirmAppAction} initial={await initialForm()} submit={t('app.submit')}>
        <TextInput
          name="code"
          label={t('code.label')}
          hint={t('app.then')}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={10}
          width="sm"
        />
      </ActionForm>
      <div className="mt-8">
        <ActionForm
          action={beginAppAction}
          initial={await initialForm()}
          submit={t('app.again')}
          tone="secondary"
          label={t('app.again')}
        />
      </div>
    </>
  )
}
