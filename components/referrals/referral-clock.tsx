import { getTranslations } from 'next-intl/server'
import { ClockBar } from '@/components/ui/clock-bar'
import { getFormat } from '@/lib/i18n/get-format'
import type { ClockView } from '@/lib/referrals/clock/schema'

/** By when somebody has to act on a referral: in words, and as a bar. Nothing where no clock runs. */
export async function ReferralClock({ clock }: { readonly clock: ClockView | null }) {
  if (clock === null) return null
  const t = await getTranslations('clock')
  const format = await getFormat()
  const { awaited, standing, share, minutes, isWorkingTime, countsAgainAt } = clock
  const by = format.moment(new Date(clock.by))
  const length = isWorkingTime ? format.workTime(minutes) : format.duration(minutes)
  const time = { by, left: length, late: length }
  const isLate = standing === 'late'
  const line = isLate ? 'late' : standing === 'stopped' ? 'stopped' : 'running'
  const words =
    isWorkingTime && line !== 'stopped' ? t(`${line}_working.${awaited}`, time) : t(`${line}.${awaited}`, time)
  const notes = [
    ...(isLate ? [t('was_due', { by })] : []),
    ...(countsAgainAt === null ? [] : [t('counts_again', { at: format.moment(new Date(countsAgainAt)) })]),
  ]
  return (
    <ClockBar
      words={words}
      share={share}
      isStopped={standing === 'stopped'}
      note={notes.length === 0 ? undefined : notes.join(' · ')}
    />
  )
}

type Pause = { readonly pauseEndsAt: string | null; readonly unanswered: boolean }

/** Until when a question stops the clock, or that it no longer does. */
export async function PauseNote({ of: { pauseEndsAt, unanswered } }: { readonly of: Pause }) {
  const t = await getTranslations('clock')
  const format = await getFormat()
  if (pauseEndsAt !== null)
    return (
      <p className="measure mt-2 text-note text-ink-2">
        {t('paused_until', { at: format.moment(new Date(pauseEndsAt)) })}
      </p>
    )
  return unanswered ? <p className="measure mt-2 text-note">{t('unanswered')}</p> : null
}
