import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { PageLink } from './page-link'

type AppLinkProps = {
  readonly href: string
  readonly children: ReactNode
  readonly className?: string | undefined
  /** Says "Working" beside the text when the next page takes its time. Off where there is no room. */
  readonly pending?: boolean
  readonly 'aria-current'?: 'page' | 'step' | 'true' | undefined
  readonly 'aria-label'?: string | undefined
  readonly lang?: string | undefined
}

/**
 * A link inside Amparo. Nothing is fetched ahead: every page is made for the member who asks, at the moment of asking,
 * and opening a record is a look that goes on record.
 */
export function AppLink({ href, children, className, pending = true, ...rest }: AppLinkProps) {
  const t = useTranslations('ui.form')
  return (
    <PageLink
      href={href}
      working={pending ? t('working') : undefined}
      className={className ?? 'text-action-ink underline'}
      {...rest}
    >
      {children}
    </PageLink>
  )
}

/** A link to a person, case, referral or document; hovering and scrolling past it opens nothing. */
export function RecordLink({ className, ...props }: AppLinkProps) {
  return <AppLink {...props} className={className ?? 'text-action-ink underline'} />
}
