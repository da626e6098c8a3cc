import { useTranslations } from 'next-intl'
import { Icon } from './icon'
import { AppLink } from './link'

type VisibilityLineProps = {
  /** "your team of 3, supervisor, cover": worked out by the policy that reads will use. */
  readonly audience: string
  /** The page that says it person by person. */
  readonly href?: string
}

/** Who will be able to read what is written here. */
export function VisibilityLine({ audience, href }: VisibilityLineProps) {
  const t = useTranslations('ui.visibility')
  return (
    <span className="text-note text-ink-2">
      <Icon name="eye" size="sm" className="me-1.5 align-text-bottom" />
      {t('visible_to', { audience })} {href === undefined ? null : <AppLink href={href}>{t('who')}</AppLink>}
    </span>
  )
}
