import { getTranslations } from 'next-intl/server'
import { IdentityReveal } from '@/components/people/identity-reveal'
import { Icon } from '@/components/ui/icon'
import type { RevealAction } from '@/lib/forms/reveal-state'

type NamesBandProps = {
  readonly action: RevealAction
  /** Codes of the persons in the list whose team the viewer is on. */
  readonly persons: readonly string[]
}

/** "Names hidden, Show": the names of the team's own rows, as one logged list look. Lilac, like all that identifies. */
export async function NamesBand({ action, persons }: NamesBandProps) {
  const t = await getTranslations('cases.names')
  const ui = await getTranslations('ui.identity')
  if (persons.length === 0) return null
  // Without their common prefix, so that a whole page of codes fits into the one field of the form.
  const subject = [...new Set(persons)].map((code) => code.replace(/^AMP-/, '')).join(',')
  return (
    <section
      aria-label={t('title')}
      className="no-print mb-4 flex flex-wrap items-start gap-x-3 gap-y-1 border-s-4 border-private-edge bg-private-soft px-3 py-2"
    >
      <span className="flex min-h-9 items-center text-private-ink">
        <Icon name="lock-keyhole" size="sm" />
      </span>
      <div className="flex min-h-9 min-w-0 flex-1 basis-60 items-center">
        <IdentityReveal
          action={action}
          subject={subject}
          needsReason={false}
          labels={{
            hidden: t('hidden'),
            show: t('show'),
            recorded: ui('recorded'),
            shown: t('shown'),
            hide: t('hide'),
            reasonNeeded: ui('reason_needed'),
            reason: ui('reason'),
          }}
        />
      </div>
    </section>
  )
}
