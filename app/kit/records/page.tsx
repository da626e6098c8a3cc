import { getTranslations } from 'next-intl/server'
import { CategoryTile } from '@/components/assistance/category-tile'
import { CaseHeader } from '@/components/cases/case-header'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { IdentityBand } from '@/components/people/identity-band'
import { ProfileAnswer } from '@/components/people/profile-answer'
import { SafeContactBand } from '@/components/people/safe-contact-band'
import { ReferralClock } from '@/components/referrals/referral-clock'
import { BarChart } from '@/components/ui/bar-chart'
import { Button, LinkButton } from '@/components/ui/button'
import { ClockBar } from '@/components/ui/clock-bar'
import { Code } from '@/components/ui/code'
import { Interruption } from '@/components/ui/confirmation'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { FilterBar } from '@/components/ui/filter-bar'
import { AppLink, RecordLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { StateSteps } from '@/components/ui/state-steps'
import { Tabs } from '@/components/ui/tabs'
import { TaskGroup, TaskRow } from '@/components/ui/task-row'
import { Timeline } from '@/components/ui/timeline'
import { getFormat } from '@/lib/i18n/get-format'
import type { ClockView } from '@/lib/referrals/clock/schema'
import { revealSample } from '../actions'
import { SampleTable } from '../sample-table'

const CLOCKS = [
  { awaited: 'acknowledge', standing: 'running', share: 0.25, minutes: 180, isWorkingTime: false, countsAgainAt: null },
  {
    awaited: 'decide',
    standing: 'past_half',
    share: 0.7,
    minutes: 360,
    isWorkingTime: true,
    countsAgainAt: '2026-11-30T09:00:00.000Z',
  },
  { awaited: 'decide', standing: 'late', share: 1.2, minutes: 18, isWorkingTime: false, countsAgainAt: null },
  { awaited: 'decide', standing: 'stopped', share: 0.4, minutes: 200, isWorkingTime: false, countsAgainAt: null },
  { awaited: 'contact', standing: 'running', share: 0.1, minutes: 4000, isWorkingTime: false, countsAgainAt: null },
].map((clock) => ({ ...clock, by: '2026-11-27T11:00:00.000Z' }) as ClockView)

export default async function KitRecordsPage() {
  const t = await getTranslations('kit')
  const terms = await getTranslations('ui.category')
  const format = await getFormat()
  const identity = {
    subject: 'AMP-7K3MQ2XH4',
    action: revealSample,
    last: { who: t('case.who'), when: t('case.when') },
  }
  return (
    <>
      <CaseHeader
        crumbs={[{ label: t('case.cases'), href: '/kit/records' }]}
        personCode="AMP-7K3MQ2XH4"
        number={1}
        pills={
          <Pill tone="stop" icon="triangle-alert">
            {t('case.risk')}
          </Pill>
        }
        facts={[t('case.facts_person'), t('case.facts_language'), t('case.country'), t('case.stage')]}
        primary={
          <LinkButton href="/kit/forms" tone="primary" icon="plus">
            {t('empty.act')}
          </LinkButton>
        }
        secondary={<LinkButton href="/kit/forms">{t('case.refer')}</LinkButton>}
        more={
          <>
            <AppLink href="/kit/records">{t('case.print')}</AppLink>
            <AppLink href="/kit">{t('case.close')}</AppLink>
          </>
        }
        standing={[{ kind: 'cover', until: '08:00' }]}
        safeContact={<SafeContactBand state="rules" line={t('case.safe')} rules={t('case.rule')} />}
        identity={<IdentityBand access={{ kind: 'press' }} {...identity} />}
      />
      <Tabs
        tabs={[
          { label: t('tabs.overview'), href: '/kit/records', isCurrent: true },
          { label: t('tabs.needs'), href: '/kit/records#needs', isCurrent: false },
          { label: t('tabs.services'), href: '/kit/records#services', isCurrent: false, count: format.number(23) },
          { label: t('tabs.timeline'), href: '/kit/records#timeline', isCurrent: false },
        ]}
      />
      <TaskGroup title={t('tasks.overdue')} count={format.number(1)}>
        <TaskRow
          state="late"
          due={t('tasks.late')}
          what={t('tasks.review')}
          href="/kit"
          code={<Code code="AMP-4TN8W2K1F" />}
          act={
            <LinkButton href="/kit" size="sm">
              {t('tasks.act')}
            </LinkButton>
          }
        />
      </TaskGroup>
      <TaskGroup title={t('tasks.today')} count={format.number(2)}>
        <TaskRow
          state="today"
          due="14:00"
          what={t('tasks.follow')}
          href="/kit"
          code={<Code code="AMP-7K3MQ2XH4" />}
          act={
            <LinkButton href="/kit" size="sm">
              {t('tasks.log')}
            </LinkButton>
          }
        />
        <TaskRow state="soon" due="17:00" what={t('tasks.consent')} href="/kit" code={<Code code="AMP-7K3MQ2XH4" />} />
      </TaskGroup>
      <FilterBar
        action="/kit/records"
        filters={[
          {
            name: 'status',
            label: t('filter.status'),
            value: 'active',
            options: [
              { value: 'active', label: t('filter.active') },
              { value: 'closed', label: t('filter.closed') },
            ],
          },
          {
            name: 'risk',
            label: t('filter.risk'),
            value: '',
            options: [
              { value: 'high', label: t('filter.high') },
              { value: 'low', label: t('filter.low') },
            ],
          },
        ]}
        more={[{ kind: 'date', name: 'from', label: t('filter.from'), value: '' }]}
        chips={[
          { label: t('filter.active'), href: '/kit/records?a' },
          { label: t('filter.worker'), href: '/kit/records?b' },
        ]}
        clearHref="/kit/records"
        count={t('filter.count')}
      />
      <SampleTable />
      <div className="my-8">
        <EmptyState title={t('empty.filtered')}>{t('empty.drop')}</EmptyState>
      </div>
      <Section title={t('tabs.timeline')}>
        <Timeline
          days={[
            {
              key: 'today',
              day: t('timeline.today'),
              events: [
                {
                  key: '1',
                  icon: 'clipboard-check',
                  time: '09:30',
                  what: <RecordLink href="/kit">{t('timeline.shelter')}</RecordLink>,
                  by: t('timeline.by'),
                  chips: <MandateChips paragraphs={[{ paragraph: '6(b)' }, { paragraph: '9' }]} />,
                },
                { key: '2', icon: 'phone', time: '09:12', what: t('timeline.call'), by: t('timeline.by') },
              ],
            },
            {
              key: 'monday',
              day: t('timeline.monday'),
              events: [{ key: '3', icon: 'eye', time: '16:40', what: t('timeline.looks'), by: t('timeline.by') }],
            },
          ]}
        />
      </Section>
      <Section title={t('clocks.title')}>
        <div className="grid gap-6 md:grid-cols-2">
          <ClockBar words={t('clocks.early')} share={0.3} />
          <ClockBar words={t('clocks.half')} share={0.7} />
          <ClockBar words={t('clocks.late')} share={1.2} />
          <ClockBar words={t('clocks.stopped')} share={0.4} isStopped note={t('clocks.again')} />
        </div>
        <div className="mt-6 grid gap-6 md:grid-cols-2">
          {CLOCKS.map((clock) => (
            <ReferralClock key={clock.standing + clock.awaited} clock={clock} />
          ))}
        </div>
        <div className="mt-6">
          <StateSteps
            steps={[
              { key: 'sent', label: t('steps.sent'), detail: t('steps.when'), at: 'passed' },
              { key: 'seen', label: t('steps.seen'), at: 'passed' },
              { key: 'accepted', label: t('steps.accepted'), at: 'now' },
              { key: 'service', label: t('steps.service'), at: 'next' },
              { key: 'done', label: t('steps.done'), at: 'next' },
            ]}
          />
        </div>
      </Section>
      <Section title={t('answers.title')}>
        <Facts
          columns={2}
          facts={[
            { label: t('answers.gender'), value: <ProfileAnswer state="stated" value={t('answers.woman')} /> },
            { label: t('answers.disability'), value: <ProfileAnswer state="not_asked" /> },
            { label: t('answers.pregnancy'), value: <ProfileAnswer state="declined" /> },
            { label: t('answers.residency'), value: <ProfileAnswer state="unknown" /> },
          ]}
        />
        <div className="mt-6 grid gap-1">
          <SafeContactBand state="none" />
          <SafeContactBand
            state="not_asked"
            ask={
              <LinkButton href="/kit" size="sm">
                {t('tasks.act')}
              </LinkButton>
            }
          />
          <SafeContactBand state="old" line={t('case.safe')} askedOn={format.day('2026-07-01')} />
          <IdentityBand access={{ kind: 'held' }} subject="AMP-7K3MQ2XH4" />
          <IdentityBand access={{ kind: 'erased', on: format.day('2026-07-01') }} subject="AMP-7K3MQ2XH4" />
          <IdentityBand access={{ kind: 'reason' }} {...identity} />
        </div>
        <div className="mt-6">
          <CategoryTile category="social" label={t('types.shelter')} />
        </div>
      </Section>
      <BarChart
        title={t('chart.title')}
        description={t('chart.description')}
        labelHead={t('chart.category')}
        valueHead={t('chart.services')}
        format={format.number}
        source={t('chart.source')}
        bars={[
          { key: 'social', label: terms('social'), value: 10043, category: 'social' },
          { key: 'legal', label: terms('legal'), value: 5204, category: 'legal' },
          { key: 'medical', label: terms('medical'), value: 4301, category: 'medical' },
          { key: 'psychological', label: terms('psychological'), value: 3870, category: 'psychological' },
          { key: 'reintegration', label: terms('reintegration'), value: 812, category: 'reintegration' },
          { key: 'residency', label: terms('residency'), value: null, category: 'residency' },
        ]}
      />
      <div className="mt-12">
        <Interruption
          title={t('confirm.emergency')}
          lines={[t('confirm.line1'), t('confirm.line2'), t('confirm.line3')]}
          back={<LinkButton href="/kit">{t('confirm.back')}</LinkButton>}
          goOn={<Button type="button">{t('confirm.go')}</Button>}
        />
      </div>
    </>
  )
}
