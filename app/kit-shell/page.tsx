import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Shell } from '@/components/layout/shell'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { PageHeader, Section } from '@/components/ui/page-header'
import { AppLink } from '@/components/ui/link'
import { TaskGroup, TaskRow } from '@/components/ui/task-row'
import { getFormat } from '@/lib/i18n/get-format'
import { settings } from '@/lib/platform/env'
import { SampleTable } from '../kit/sample-table'

const MEMBER = {
  roles: ['caseworker'],
  displayName: 'Ana M.',
  agencyName: 'Harbour House',
  productName: null,
  demonstration: true,
  idleMinutes: 30,
  leaveUrl: null,
  shortcuts: true,
} as const

/** The shell around a first page, without anyone signed in. */
export default async function KitShellPage() {
  if (settings.production) notFound()
  const t = await getTranslations('kit')
  const format = await getFormat()
  return (
    <Shell member={MEMBER} counts={{ tasks: 7 }}>
      <PageHeader
        title={t('home.title')}
        primary={
          <LinkButton href="/kit/forms" tone="primary" icon="plus">
            {t('empty.act')}
          </LinkButton>
        }
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
      <Section title={t('home.cases')} aside={<AppLink href="/cases">{t('home.all')}</AppLink>}>
        <SampleTable />
      </Section>
    </Shell>
  )
}
