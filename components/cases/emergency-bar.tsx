import { getTranslations } from 'next-intl/server'
import { buttonClass } from '@/components/ui/button-class'
import { Icon } from '@/components/ui/icon'
import type { EmergencyBarView } from '@/lib/cases/emergency/schema'
import { timeLeft } from '@/lib/cases/emergency/rules'
import { getFormat } from '@/lib/i18n/get-format'

type EmergencyBarProps = {
  readonly access: EmergencyBarView
  /** Ends the access named in the field `access`. */
  readonly end: (data: FormData) => Promise<void>
}

/** Stands on top of every page that an emergency access opened: until when, why, who reviews it, and the way to end it. */
export async function EmergencyBar({ access, end }: EmergencyBarProps) {
  const t = await getTranslations('emergency')
  const format = await getFormat()
  const ended = `/emergency-access/${access.code}`
  const { reviewers } = access
  return (
    <section
      aria-label={t('bar.label')}
      className="sticky top-12 z-20 mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 bg-stop px-3 py-2 text-on-stop lg:top-14"
    >
      <Icon name="siren" size="sm" />
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-semibold">{t('bar.until', { until: format.moment(new Date(access.endsAt)) })}</span>
        {', '}
        <span
          data-emergency={`/api${ended}`}
          data-after={ended}
          data-left={access.secondsLeft}
          data-text={t.raw('bar.left') as string}
        >
          {t('bar.left', timeLeft(access.secondsLeft))}
        </span>
        {'. '}
        {t('bar.reason', { reason: t(`reason.${access.reason}`) })}
        {'. '}
        {reviewers.length === 0 ? t('bar.nobody') : t('bar.reviewers', { names: format.list([...reviewers]) })}
      </p>
      <form action={end}>
        <input type="hidden" name="access" value={access.code} />
        <button type="submit" className={buttonClass('secondary', 'sm')}>
          {t('bar.end')}
        </button>
      </form>
      {/* Where no script watches the clock, the browser itself leaves the page when time is up. */}
      <noscript>
        <meta httpEquiv="refresh" content={`${String(access.secondsLeft)};url=${ended}`} />
      </noscript>
    </section>
  )
}
