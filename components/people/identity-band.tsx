import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Icon } from '@/components/ui/icon'
import type { RevealAction } from '@/lib/forms/reveal-state'
import { IdentityReveal } from './identity-reveal'

/** What the viewer may do, as the service's View says: one press, a reason first, nothing, or nothing left to see. */
export type IdentityAccess =
  | { readonly kind: 'press' }
  | { readonly kind: 'reason' }
  | { readonly kind: 'held' }
  | { readonly kind: 'erased'; readonly on: string }

type IdentityBandProps = {
  readonly access: IdentityAccess
  /** The person's or case's code; goes along with the press. */
  readonly subject: string
  /** Made by `revealAction` in the page's `actions.ts`. Needed where `access` is `press` or `reason`. */
  readonly action?: RevealAction
  /** The last look, so that whoever looks sees that looks are seen. */
  readonly last?: { readonly who: string; readonly when: string }
}

/** The only place for identifying data. Lilac means identity and nothing else; paper never carries it. */
export function IdentityBand({ access, subject, action, last }: IdentityBandProps) {
  const t = useTranslations('ui.identity')
  if (access.kind === 'erased') return <Band title={t('title')}>{t('erased', { date: access.on })}</Band>
  if (access.kind === 'held' || action === undefined) return <Band title={t('title')}>{t('held')}</Band>
  const recorded = last === undefined ? t('recorded') : `${t('recorded')} ${t('last', last)}`
  return (
    <Band title={t('title')}>
      <IdentityReveal
        action={action}
        subject={subject}
        needsReason={access.kind === 'reason'}
        labels={{
          hidden: t('hidden'),
          show: t('show'),
          recorded,
          shown: t('shown'),
          hide: t('hide'),
          reasonNeeded: t('reason_needed'),
          reason: t('reason'),
        }}
      />
    </Band>
  )
}

function Band({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="no-print flex flex-wrap items-start gap-x-3 gap-y-1 border-s-4 border-private-edge bg-private-soft px-3 py-2"
    >
      <span className="flex min-h-9 items-center gap-2 font-semibold text-private-ink">
        <Icon name="lock-keyhole" size="sm" />
        {title}
      </span>
      <div className="flex min-h-9 min-w-0 flex-1 basis-60 items-center">{children}</div>
    </section>
  )
}
