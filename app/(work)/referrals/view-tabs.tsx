import { getTranslations } from 'next-intl/server'
import { Tabs } from '@/components/ui/tabs'
import { VIEWS, type View } from './asked-referrals'

/** The lists of referrals, and the cases of other agencies that this one leads. */
export async function ViewTabs({ current }: { readonly current: View | 'led' }) {
  const t = await getTranslations('referrals.view')
  const list = (view: View) => (view === 'answer' ? '/referrals' : `/referrals?view=${view}`)
  return (
    <Tabs
      label={t('label')}
      tabs={[
        ...VIEWS.map((view) => ({ label: t(view), href: list(view), isCurrent: view === current })),
        { label: t('led'), href: '/referrals/led', isCurrent: current === 'led' },
      ]}
    />
  )
}
