import { getTranslations } from 'next-intl/server'
import { IdentityReveal } from '@/components/people/identity-reveal'
import type { RevealAction } from '@/lib/forms/reveal-state'

type SealedTextProps = {
  readonly action: RevealAction
  /** The code of the record whose text it is. */
  readonly subject: string
  /** "Show note", "Show text". */
  readonly show: string
}

/** A sealed text: nothing of it is in the page before the press, and each look is recorded. */
export async function SealedText({ action, subject, show }: SealedTextProps) {
  const t = await getTranslations('assistance.service.note')
  return (
    <div className="no-print border-s-4 border-line ps-3">
      <IdentityReveal
        action={action}
        subject={subject}
        needsReason={false}
        labels={{
          hidden: t('hidden'),
          show,
          recorded: t('recorded'),
          shown: t('shown'),
          hide: t('hide'),
          reasonNeeded: '',
          reason: '',
        }}
      />
    </div>
  )
}
