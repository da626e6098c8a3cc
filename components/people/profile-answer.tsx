import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { AnswerState } from './profile-field'

/** An answer of the profile as it is read: the value, or why there is none. A gap is shown, never hidden. */
export function ProfileAnswer({ state, value }: { readonly state: AnswerState; readonly value?: ReactNode }) {
  const t = useTranslations('ui.answer')
  if (state === 'stated') return <>{value}</>
  return <span className="text-ink-3">{t(state)}</span>
}
