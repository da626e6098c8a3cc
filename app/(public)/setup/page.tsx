import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { redirect } from 'next/navigation'
import { PageHeader } from '@/components/ui/page-header'
import { signInPage } from '@/lib/auth/sessions'

/** The operator types it in the application's folder. */
const COMMAND = 'npm run -s amparo -- admin create --email EMAIL --name NAME'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth.setup')
  return { title: t('page_title') }
}

/** Says which command makes the first administrator. There is nothing to fill in: whoever comes first must not get it. */
export default async function SetupPage() {
  const { administered, demonstration } = await signInPage()
  if (administered || demonstration) redirect('/sign-in')
  const t = await getTranslations('auth.setup')
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="measure grid gap-4">
        <p>{t('explain')}</p>
        <pre className="rounded-md border border-line bg-surface p-4 font-code whitespace-pre-wrap" dir="ltr">
          {COMMAND}
        </pre>
        <p>{t('then')}</p>
      </div>
    </>
  )
}
