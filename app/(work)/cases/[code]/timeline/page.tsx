import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { HappeningList } from '@/components/cases/happening-list'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { Tabs } from '@/components/ui/tabs'
import { requireActor } from '@/lib/auth/require-actor'
import { TIMELINE_KINDS, timelineInput } from '@/lib/cases/log-schema'
import type { TimelineView } from '@/lib/cases/overview-schema'
import { viewTimeline } from '@/lib/cases/log-service'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { caseMetadata } from '../case-metadata'

export const generateMetadata = titleOrMissing(
  TimelinePage,
  async ({ params }: PageProps<'/cases/[code]/timeline'>) => {
    const t = await getTranslations('cases.timeline')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(TimelinePage)

/** The story of a case, newest first, by day. */
async function TimelinePage({ params, searchParams }: PageProps<'/cases/[code]/timeline'>) {
  const { code } = await params
  const asked = timelineInput.safeParse({ ...(await searchParams), case: code })
  const input = asked.success ? asked.data : { case: code }
  const found = await viewTimeline(await requireActor(), input)
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(found.refusal === 'invalid' ? `/cases/${code}/timeline` : `/cases/${code}`)
  }
  const view = found.value
  const t = await getTranslations('cases')
  const here = `/cases/${view.frame.case.code}/timeline`
  return (
    <CaseFrame view={view.frame} current="timeline" reveal={revealIdentityAction}>
      <Section
        title={t('timeline.title')}
        aside={
          <AppLink href={`/cases/${view.frame.case.code}/access`}>{t('timeline.looks', { count: view.looks })}</AppLink>
        }
      >
        <Tabs
          label={t('timeline.kind')}
          tabs={[
            { label: t('list.any'), href: here, isCurrent: input.kind === undefined },
            ...TIMELINE_KINDS.map((kind) => ({
              label: t(`timeline.kinds.${kind}`),
              href: `${here}?kind=${kind}`,
              isCurrent: input.kind === kind,
            })),
          ]}
        />
        {view.items.length === 0 ? (
          <EmptyState title={t('timeline.none')} />
        ) : (
          <HappeningList items={view.items} caseCode={view.frame.case.code} />
        )}
        <Pages view={view} address={`${here}?${input.kind === undefined ? '' : `kind=${input.kind}&`}`} />
      </Section>
    </CaseFrame>
  )
}

async function Pages({ view, address }: { readonly view: TimelineView; readonly address: string }) {
  const t = await getTranslations('ui.list')
  const links = [
    { cursor: view.earlierCursor, label: t('earlier') },
    { cursor: view.nextCursor, label: t('later') },
  ]
  return (
    <nav aria-label={t('pages')} className="no-print mt-6 flex justify-between gap-3">
      {links.map(({ cursor, label }) =>
        cursor === null ? (
          <span key={label} />
        ) : (
          <AppLink
            key={label}
            href={`${address}cursor=${cursor}`}
            className="control inline-flex items-center text-action-ink"
          >
            {label}
          </AppLink>
        ),
      )}
    </nav>
  )
}
