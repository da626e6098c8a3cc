import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { FactLine } from '@/components/ui/facts'
import { Icon, type IconName } from '@/components/ui/icon'
import { PageHeader } from '@/components/ui/page-header'
import { Code } from '@/components/ui/code'
import { CopyCode } from '@/components/ui/copy-code'
import type { Crumb } from '@/components/ui/breadcrumbs'

export type CaseStanding =
  | { readonly kind: 'skeleton' }
  | { readonly kind: 'closed'; readonly on: string }
  | { readonly kind: 'restricted' }
  | { readonly kind: 'hold' }
  | { readonly kind: 'led'; readonly agency: string }
  | { readonly kind: 'cover'; readonly until: string }
  | { readonly kind: 'stand_in'; readonly until: string }
  | { readonly kind: 'emergency'; readonly until: string; readonly reviewer: string; readonly endNow: ReactNode }

type CaseHeaderProps = {
  readonly crumbs: readonly Crumb[]
  /** The person's code and which of the person's cases this is; one says "case 2" aloud. */
  readonly personCode: string
  readonly number: number
  readonly pills?: ReactNode
  /** Age band, gender, language and interpreter, country, stage: never a name. */
  readonly facts: readonly ReactNode[]
  readonly primary?: ReactNode
  readonly secondary?: ReactNode
  readonly more?: ReactNode
  readonly standing?: readonly CaseStanding[]
  /** `<SafeContactBand>` and `<IdentityBand>`, in this order; nothing for whoever sees the skeleton only. */
  readonly safeContact?: ReactNode
  readonly identity?: ReactNode
}

const ICONS: Readonly<Record<CaseStanding['kind'], IconName>> = {
  skeleton: 'eye',
  closed: 'archive',
  restricted: 'lock',
  hold: 'shield',
  led: 'handshake',
  cover: 'clock',
  stand_in: 'clock',
  emergency: 'siren',
}

/** Who this is about and how it stands, in ten seconds: code, facts, acts; then safe contact, then identity. */
export function CaseHeader({
  crumbs,
  personCode,
  number,
  pills,
  facts,
  primary,
  secondary,
  more,
  standing = [],
  safeContact,
  identity,
}: CaseHeaderProps) {
  const t = useTranslations('ui.case')
  return (
    <>
      <PageHeader
        crumbs={crumbs}
        title={
          <>
            <Code code={personCode} /> <span className="whitespace-nowrap">{t('number', { number })}</span>
            <CopyCode code={personCode} />
          </>
        }
        pills={pills}
        facts={<FactLine items={facts} />}
        primary={primary}
        secondary={secondary}
        more={more}
      />
      <div className="mb-6 grid gap-1">
        {standing.map((item) => (
          <StandingLine key={item.kind} standing={item} />
        ))}
        {safeContact}
        {identity}
      </div>
    </>
  )
}

function StandingLine({ standing }: { readonly standing: CaseStanding }) {
  const t = useTranslations('ui.case')
  const isEmergency = standing.kind === 'emergency'
  return (
    <div
      className={
        isEmergency
          ? 'sticky top-12 z-10 flex flex-wrap items-center gap-3 bg-stop px-3 py-2 text-on-stop lg:top-14'
          : 'flex items-start gap-2 border-s-4 border-calm-edge bg-calm-soft px-3 py-2'
      }
    >
      <span className="flex h-6 flex-none items-center">
        <Icon name={ICONS[standing.kind]} size="sm" />
      </span>
      <span className="min-w-0">{standingText(standing, t)}</span>
      {standing.kind === 'emergency' ? standing.endNow : null}
    </div>
  )
}

function standingText(standing: CaseStanding, t: ReturnType<typeof useTranslations<'ui.case'>>): string {
  switch (standing.kind) {
    case 'closed':
      return t('closed', { date: standing.on })
    case 'led':
      return t('led', { agency: standing.agency })
    case 'cover':
    case 'stand_in':
      return t(standing.kind, { until: standing.until })
    case 'emergency':
      return t('emergency', { until: standing.until, reviewer: standing.reviewer })
    default:
      return t(standing.kind)
  }
}
