import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { IdentityBand } from '@/components/people/identity-band'
import { personFactItems } from '@/components/people/person-facts'
import { SafeContact } from '@/components/people/safe-contact-line'
import { Code } from '@/components/ui/code'
import { LinkButton } from '@/components/ui/button'
import { AppLink } from '@/components/ui/link'
import { Pill } from '@/components/ui/pill'
import { Tabs } from '@/components/ui/tabs'
import type { RevealAction } from '@/lib/forms/reveal-state'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import type { CaseFrameView } from '@/lib/cases/overview-schema'
import type { CaseView } from '@/lib/cases/schema'
import { CaseHeader, type CaseStanding } from './case-header'
import { RiskMark } from './risk-mark'

export type CaseTab =
  'overview' | 'needs' | 'services' | 'referrals' | 'contacts' | 'consents' | 'timeline' | 'team' | 'access'

type CaseFrameProps = {
  readonly view: CaseFrameView
  readonly current: CaseTab
  /** Shows the person's identity for one press; made by `revealAction`. */
  readonly reveal: RevealAction
  /** In place of "Log a service". */
  readonly primary?: ReactNode
  readonly children: ReactNode
}

/** What stands on top of every page of a case: who it is about, how to reach them safely, what can be done, where to go. */
export async function CaseFrame({ view, current, reveal, primary, children }: CaseFrameProps) {
  const t = await getTranslations('cases')
  const format = await getFormat()
  const { case: shown, person } = view
  const here = `/cases/${shown.code}`
  const isTeam = shown.content !== null
  const log = shown.may.change ? (
    <LinkButton href={`${here}/services/new`} tone="primary" icon="plus">
      {t('log')}
    </LinkButton>
  ) : undefined
  const act = primary ?? log
  return (
    <>
      <CaseHeader
        crumbs={[
          { label: t('title'), href: '/cases' },
          ...(current === 'overview' ? [] : [{ label: <Code code={shown.person} />, href: here }]),
        ]}
        personCode={shown.person}
        number={shown.number}
        pills={<StatusPill status={shown.status} />}
        facts={[
          ...(person === null ? [] : await personFactItems(person)),
          t(`stage.${shown.stage}`),
          ...(shown.unit === null ? [] : [t('header.unit', { unit: shown.unit })]),
          <RiskWithReview key="risk" shown={shown} today={view.today} format={format} />,
        ]}
        {...(act === undefined ? {} : { primary: act })}
        {...(isTeam ? { more: <MoreActs shown={shown} /> } : {})}
        standing={standingOf(shown, view.today, format)}
        {...(person === null
          ? {}
          : {
              safeContact: (
                <SafeContact
                  view={person.safeContact}
                  ask={<AppLink href={`/persons/${shown.person}/edit/safe-contact`}>{t('header.ask_contact')}</AppLink>}
                />
              ),
              identity: (
                <IdentityBand
                  access={{ kind: 'press' }}
                  subject={shown.person}
                  action={reveal}
                  {...(view.lastLook === null
                    ? {}
                    : {
                        last: {
                          who: view.lastLook.isMe ? t('list.me') : view.lastLook.by,
                          when: format.moment(new Date(view.lastLook.at)),
                        },
                      })}
                />
              ),
            })}
      />
      <CaseTabs shown={shown} current={current} />
      {children}
    </>
  )
}

async function RiskWithReview({
  shown,
  today,
  format,
}: {
  readonly shown: CaseView
  readonly today: string
  readonly format: Format
}) {
  const t = await getTranslations('cases')
  if (shown.riskReviewDue === null) return <RiskMark risk={shown.risk} isAlone />
  const isLate = shown.riskReviewDue < today
  return (
    <span className="inline-flex flex-wrap gap-x-1.5">
      <RiskMark risk={shown.risk} isAlone />
      <span className={isLate ? 'font-semibold text-stop-ink' : undefined}>
        {t(isLate ? 'review_late' : 'review_on', { day: format.shortDay(shown.riskReviewDue) })}
      </span>
    </span>
  )
}

async function StatusPill({ status }: Pick<CaseView, 'status'>) {
  const t = await getTranslations('cases.status')
  const icon = status === 'active' ? 'circle-play' : status === 'follow_up' ? 'history' : 'archive'
  return (
    <Pill tone={status === 'active' ? 'info' : 'calm'} icon={icon}>
      {t(status)}
    </Pill>
  )
}

function standingOf(shown: CaseView, today: string, format: Format): readonly CaseStanding[] {
  return [
    ...(shown.content === null ? [{ kind: 'skeleton' } as const] : []),
    ...placeOf(shown, today, format),
    ...(shown.lead === null ? [] : [{ kind: 'led', agency: shown.lead.agencyName } as const]),
    ...(shown.restricted ? [{ kind: 'restricted' } as const] : []),
    ...(shown.closedOn === null ? [] : [{ kind: 'closed', on: format.day(shown.closedOn) } as const]),
    ...(shown.legalHold ? [{ kind: 'hold' } as const] : []),
  ]
}

/** Cover and standing in end by themselves: until when is said on every page of the case. */
function placeOf({ place }: CaseView, today: string, format: Format): readonly CaseStanding[] {
  if (place?.reason !== 'cover' && place?.reason !== 'stand_in') return []
  if (place.until === null) return []
  return [{ kind: place.reason, until: format.until(new Date(place.until), today) }]
}

async function MoreActs({ shown }: { readonly shown: CaseView }) {
  const t = await getTranslations('cases.header')
  const here = `/cases/${shown.code}`
  const { may } = shown
  return (
    <>
      {may.change ? (
        <>
          <AppLink href={`${here}/edit`}>{t('edit')}</AppLink>
          <AppLink href={`${here}/needs/new`}>{t('add_need')}</AppLink>
          <AppLink href={`${here}/contacts/new`}>{t('add_contact')}</AppLink>
          <AppLink href={`${here}/tasks/new`}>{t('add_task')}</AppLink>
          <AppLink href={`${here}/consents/new`}>{t('record_consent')}</AppLink>
          <AppLink href={`${here}/answers`}>{t('answers')}</AppLink>
          <AppLink href={`${here}/identification`}>{t('identification')}</AppLink>
          <AppLink href={`${here}/experience`}>{t('experience')}</AppLink>
          <AppLink href={`${here}/unit`}>{t('move_unit')}</AppLink>
          <AppLink href={`${here}/transfer`}>{t('transfer')}</AppLink>
        </>
      ) : null}
      {may.reopen ? (
        <>
          <AppLink href={`${here}/services/new`}>{t('late_service')}</AppLink>
          <AppLink href={`${here}/contacts/new`}>{t('late_contact')}</AppLink>
        </>
      ) : null}
      <AppLink href={`/persons/${shown.person}`}>{t('person')}</AppLink>
      <AppLink href={`${here}/complaint-slips`}>{t('complaint_slips')}</AppLink>
      {may.restrict ? (
        <AppLink href={`${here}/restriction`}>{t(shown.restricted ? 'unrestrict' : 'restrict')}</AppLink>
      ) : null}
      {may.close ? <AppLink href={`${here}/closure`}>{t('close')}</AppLink> : null}
      {may.reopen ? <AppLink href={`${here}/reopening`}>{t('reopen')}</AppLink> : null}
    </>
  )
}

const PATHS: Readonly<Record<CaseTab, string>> = {
  overview: '',
  needs: '/needs',
  services: '/services',
  referrals: '/referrals',
  contacts: '/contacts',
  consents: '/consents',
  timeline: '/timeline',
  team: '/team',
  access: '/access',
}

/** Colleagues off the team find the pages that show lines and names of the team; the rest is the team's. */
const SKELETON: readonly CaseTab[] = ['overview', 'needs', 'services', 'referrals', 'team']

async function CaseTabs({ shown, current }: { readonly shown: CaseView; readonly current: CaseTab }) {
  const t = await getTranslations('cases.tabs')
  const here = `/cases/${shown.code}`
  const all = Object.keys(PATHS) as CaseTab[]
  const services = Object.values(shown.services).reduce((sum, n) => sum + n, 0)
  const counts: Partial<Record<CaseTab, number>> = { needs: shown.needsOpen, services, team: shown.team.length }
  return (
    <Tabs
      tabs={(shown.content === null ? SKELETON : all).map((tab) => ({
        label: t(tab),
        href: `${here}${PATHS[tab]}`,
        isCurrent: tab === current,
        ...(counts[tab] === undefined ? {} : { count: counts[tab] }),
      }))}
    />
  )
}
