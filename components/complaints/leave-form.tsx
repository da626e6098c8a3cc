import { useTranslations } from 'next-intl'
import { Button } from '@/components/ui/button'

/** Away from here at once, for whoever has no other way to: the page goes, and what the browser kept of it. */
export function LeaveForm() {
  const t = useTranslations('shell')
  return (
    <form method="post" action="/leave" className="no-print">
      <Button tone="leave">{t('leave')}</Button>
    </form>
  )
}
