import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Button } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.leave')
  return { title: t('page_title') }
}

/** What `/leave` and `/sign-out` show when someone opens them as addresses. */
export default async function LeaveConfirmPage() {
  const t = await getTranslations('auth.leave')
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="measure grid gap-6">
        <p>{t('explain')}</p>
        <div className="flex flex-wrap gap-3">
          <form method="post" action="/sign-out">
            <Button tone="primary">{t('sign_out')}</Button>
          </form>
          <form method="post" action="/leave">
            <Button tone="leave">{t('leave')}</Button>
          </form>
        </div>
      </div>
    </>
  )
}
