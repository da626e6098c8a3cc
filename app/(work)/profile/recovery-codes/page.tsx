import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { PrintButton } from '@/components/ui/print-button'
import { currentSignInState } from '@/lib/auth/factor-session'
import { initialForm } from '@/lib/forms/initial-form'
import { makeRecoveryCodesAction } from '../factor-actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.codes')
  return { title: t('page_title') }
}

/** Ten codes for the day the second factor is lost: made here, shown once, to be printed. */
export default async function RecoveryCodesPage() {
  const state = await currentSignInState()
  const t = await getTranslations()
  return (
    <div className="group/codes">
      <PageHeader title={t('auth.codes.title')} crumbs={[{ label: t('profile.title'), href: '/profile' }]} />
      <p className="measure mb-4">{t('auth.codes.explain')}</p>
      <p className="measure mb-6 text-ink-2">{t('auth.codes.left', { count: state?.codesLeft ?? 0 })}</p>
      <ActionForm
        action={makeRecoveryCodesAction}
        initial={await initialForm()}
        submit={t('auth.codes.submit')}
        label={t('auth.codes.title')}
      />
      <p className="no-print mt-8 flex flex-wrap gap-3">
        {/* Before the codes are shown there is nothing to print. */}
        <span className="hidden group-has-[.form-done]/codes:inline">
          <PrintButton label={t('profile.factor.print')} />
        </span>
        <LinkButton href="/profile">{t('auth.codes.later')}</LinkButton>
      </p>
    </div>
  )
}
