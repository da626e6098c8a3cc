import { useTranslations } from 'next-intl'
import { Icon, type IconName } from '@/components/ui/icon'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import type { FindingLine, FindingState } from '@/lib/oversight/findings/schema'

type Grade = FindingLine['grade']

const GRADES: Readonly<Record<Grade, { readonly icon: IconName; readonly tone: Tone }>> = {
  breach: { icon: 'octagon-alert', tone: 'stop' },
  concern: { icon: 'triangle-alert', tone: 'warn' },
  watch: { icon: 'eye', tone: 'info' },
}

const STATES: Readonly<Record<FindingState, { readonly icon: IconName; readonly tone: Tone }>> = {
  draft: { icon: 'pencil-line', tone: 'calm' },
  sent: { icon: 'send', tone: 'info' },
  answered: { icon: 'message-circle', tone: 'info' },
  accepted: { icon: 'circle-check', tone: 'go' },
  reopened: { icon: 'undo-2', tone: 'warn' },
  withdrawn: { icon: 'archive', tone: 'calm' },
}

/** The bar at the start edge of a finding, by its grade. */
export function gradeTone(grade: Grade): Tone {
  return GRADES[grade].tone
}

/** How grave a finding is, in a word, with its sign. */
export function FindingGrade({ grade }: { readonly grade: Grade }) {
  const t = useTranslations('findings.grade')
  return (
    <span className="inline-flex items-center gap-1.5 font-semibold">
      <Icon name={GRADES[grade].icon} size="sm" />
      {t(grade)}
    </span>
  )
}

/** How a finding stands, in the words of whoever reads it; that something of it is overdue is a flag beside the state. */
export function FindingStatePill({ state, side, late }: Pick<FindingLine, 'state' | 'side' | 'late'>) {
  const t = useTranslations('findings')
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      <Pill {...STATES[state]} dashed={state === 'draft'}>
        {t(`${side === 'body' ? 'state' : 'own_state'}.${state}`)}
      </Pill>
      {late === null ? null : (
        <span className="inline-flex items-center gap-1.5 bg-stop px-2 py-0.5 text-note text-on-stop">
          <Icon name="alarm-clock" size="sm" />
          {t(`late.${late}`)}
        </span>
      )}
    </span>
  )
}
