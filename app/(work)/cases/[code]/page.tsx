import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFacts, SkeletonFacts } from '@/components/cases/case-facts'
import { CaseFrame } from '@/components/cases/case-frame'
import { HappeningList } from '@/components/cases/happening-list'
import { NeedRows } from '@/components/cases/need-rows'
import { TaskItem } from '@/components/cases/task-item'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { viewCaseOverview } from '@/lib/cases/overview-service'
import type { CaseOverviewView } from '@/lib/cases/overview-schema'
import { caseMetadata } from './case-metadata'
import { revealIdentityAction } from '../../persons/[personCode]/actions'

export const generateMetadata = titleOrMissing(CasePage, async ({ params }: PageProps<'/cases/[code]'>) => {
  const t = await getTranslations('cases.overview')
  return caseMetadata(params, t('title'))
})

export default orMissing(CasePage)

/** A case in ten seconds: who, how to reach them, what is due, what is needed, what happened last, who can see it. */
async function CasePage({ params }: PageProps<'/cases/[code]'>) {
  const { code } = await params
  const found = await viewCaseOverview(await requireActor(), { case: code })
  if (!found.ok) notFound()
  const view = found.value
  return (
    <CaseFrame view={view} current="overview" reveal={revealIdentityAction}>
      {view.case.content === null ? <SkeletonFacts shown={view.case} /> : <Overview view={view} />}
    </CaseFrame>
  )
}

async function Overview({ view }: { readonly view: CaseOverviewView }) {
  const t = await getTranslations('cases.overview')
  const here = `/cases/${view.case.code}`
  return (
    <div className="grid gap-x-12 lg:grid-cols-2">
      <div>
        <Section title={t('due')}>
          {view.due.length === 0 ? (
            <p className="text-ink-2">{t('due_none')}</p>
          ) : (
            <ul className="border-t border-line">
              {view.due.map((task) => (
                <TaskItem key={task.code} task={task} withOwner isOnCase />
              ))}
            </ul>
          )}
        </Section>
        <CaseFacts view={view} />
      </div>
      <div>
        <Section
          title={t('needs')}
          aside={
            <span className="flex flex-wrap items-center gap-3">
              <AppLink href={`${here}/needs`}>{t('all_needs')}</AppLink>
              {view.case.may.change ? (
                <LinkButton href={`${here}/needs/new`} size="sm" icon="plus">
                  {t('add_need')}
                </LinkButton>
              ) : null}
            </span>
          }
        >
          {view.needs.length === 0 ? (
            <p className="text-ink-2">{t('needs_none')}</p>
          ) : (
            <NeedRows needs={view.needs} caseCode={view.case.code} mayLog={view.case.may.change} />
          )}
        </Section>
        <Section title={t('latest')} aside={<AppLink href={`${here}/timeline`}>{t('all_events')}</AppLink>}>
          {view.latest.length === 0 ? (
            <p className="text-ink-2">{t('latest_none')}</p>
          ) : (
            <HappeningList items={view.latest} caseCode={view.case.code} />
          )}
        </Section>
      </div>
    </div>
  )
}
