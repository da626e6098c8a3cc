import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { firstPage, navigationFor } from '@/components/layout/navigation'
import { CaseTable } from '@/components/cases/case-table'
import { NamesBand } from '@/components/cases/names-band'
import { TaskItem } from '@/components/cases/task-item'
import { TeamLoad } from '@/components/cases/team-load'
import { ReferralTable } from '@/components/referrals/referral-table'
import { PlacesBand } from '@/components/staffing/places-band'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TaskGroup } from '@/components/ui/task-row'
import type { Actor } from '@/lib/access/actor'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { viewToday } from '@/lib/cases/today-service'
import type { ReferralPage } from '@/lib/referrals/schema'
import { listReferralsToAnswer } from '@/lib/referrals/to-answer-service'
import type { TodayView } from '@/lib/cases/today-schema'
import { revealNamesAction } from './cases/actions'

/** How many referrals that wait stand on the first page. */
const WAITING = 5

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('home')
  return { title: isTeamPage(await requireActor()) ? t('team.page_title') : t('page_title') }
}

/** What is due today, and the member's cases; for supervisors also what the unit carries. */
export default async function TodayPage() {
  const actor = await requireActor()
  const first = firstPage(actor.roles)
  if (first !== '/') redirect(first)
  const found = await viewToday(actor)
  if (!found.ok) redirect('/more')
  const t = await getTranslations('home')
  const format = await getFormat()
  const view = found.value
  const waiting = await listReferralsToAnswer(actor, { limit: WAITING })
  const toAnswer = waiting.ok ? waiting.value : null
  const day = format.day(view.today, 'weekday')
  const isFirstDay = view.late.length + view.dueToday.length + view.cases.items.length === 0 && view.team === null
  return (
    <>
      <PageHeader
        title={isTeamPage(actor) ? t('team.title', { day }) : t('title', { day })}
        primary={
          <LinkButton href="/services/new" tone="primary" icon="plus">
            {t('log')}
          </LinkButton>
        }
        secondary={<LinkButton href="/turned-away/new">{t('turned_away')}</LinkButton>}
      />
      {toAnswer === null || toAnswer.items.length === 0 ? null : <ToAnswer page={toAnswer} />}
      <PlacesBand places={view.places} today={view.today} />
      {view.team === null ? null : <TeamLoad team={view.team} />}
      {isFirstDay ? <FirstDay name={actor.displayName} /> : <Work view={view} />}
    </>
  )
}

/** What other agencies wait for, what is due soonest first: for an emergency every minute counts. */
async function ToAnswer({ page: { items, nextCursor } }: { readonly page: ReferralPage }) {
  const t = await getTranslations('home')
  const format = await getFormat()
  return (
    <Section
      title={
        <>
          {t('to_answer')}{' '}
          <span className="font-normal text-ink-2">
            {format.number(items.length)}
            {nextCursor === null ? '' : '+'}
          </span>
        </>
      }
      aside={<AppLink href="/referrals">{t('all_to_answer')}</AppLink>}
    >
      <ReferralTable caption={t('to_answer')} isCaptionHidden rows={items} empty={null} />
    </Section>
  )
}

/** The page bears the name by which the member's menu leads to it. */
function isTeamPage({ roles }: Actor): boolean {
  return navigationFor(roles).menu[0]?.key === 'team'
}

async function Work({ view }: { readonly view: TodayView }) {
  const t = await getTranslations('home')
  const format = await getFormat()
  const persons = [
    ...[...view.late, ...view.dueToday].flatMap(({ mayWork, person }) => (mayWork && person !== null ? [person] : [])),
    ...view.cases.items.map(({ person }) => person),
  ]
  return (
    <>
      <NamesBand action={revealNamesAction} persons={persons.slice(0, 50)} />
      {view.late.length + view.dueToday.length === 0 ? (
        <p className="mb-8 text-ink-2">{t('nothing_due')}</p>
      ) : (
        <>
          <Tasks title={t('late')} count={view.lateTotal} tasks={view.late} />
          <Tasks title={t('due_today')} count={view.dueToday.length} tasks={view.dueToday} />
        </>
      )}
      <Section
        title={
          <>
            {t('cases')} <span className="font-normal text-ink-2">{format.number(view.cases.total?.n ?? 0)}</span>
          </>
        }
        aside={<AppLink href="/cases">{t('all_cases')}</AppLink>}
      >
        <CaseTable
          tab="mine"
          rows={view.cases.items}
          caption={t('cases')}
          isCaptionHidden
          empty={<EmptyState title={t('cases_none')} />}
        />
      </Section>
    </>
  )
}

async function Tasks({
  title,
  count,
  tasks,
}: {
  readonly title: string
  readonly count: number
  readonly tasks: TodayView['late']
}) {
  const format = await getFormat()
  if (tasks.length === 0) return null
  return (
    <TaskGroup title={title} count={format.number(count)}>
      {tasks.map((task) => (
        <TaskItem key={task.code} task={task} />
      ))}
    </TaskGroup>
  )
}

async function FirstDay({ name }: { readonly name: string }) {
  const t = await getTranslations('home.first_day')
  return (
    <EmptyState
      title={t('title', { name })}
      act={
        <div className="flex flex-wrap gap-3">
          <LinkButton href="/persons/find" tone="primary" icon="search">
            {t('find')}
          </LinkButton>
          <LinkButton href="/cases?tab=agency">{t('agency')}</LinkButton>
        </div>
      }
    >
      {t('help')}
    </EmptyState>
  )
}
