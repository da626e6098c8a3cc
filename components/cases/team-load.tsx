import type { ReactNode } from 'react'
import { getTranslations } from 'next-intl/server'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { Section } from '@/components/ui/page-header'
import { TaskGroup } from '@/components/ui/task-row'
import { getFormat } from '@/lib/i18n/get-format'
import type { LoadLine, TodayView } from '@/lib/cases/today-schema'
import { TaskItem } from './task-item'

/** What a supervisor's unit carries, member by member, and what is overdue in it. */
export async function TeamLoad({ team }: { readonly team: NonNullable<TodayView['team']> }) {
  const t = await getTranslations('home.team')
  const staffing = await getTranslations('staffing')
  const format = await getFormat()
  return (
    <>
      {team.waiting === 0 ? null : (
        <div className="mb-6">
          <Notice tone="warn" icon="users" act={<AppLink href="/team/hand-over">{staffing('give_out')}</AppLink>}>
            {staffing('waiting', { count: team.waiting })}
          </Notice>
        </div>
      )}
      <LoadTable load={team.load} aside={<AppLink href="/team">{t('staffing')}</AppLink>} />
      {team.late.length === 0 ? (
        <p className="mb-8 text-ink-2">{t('late_none')}</p>
      ) : (
        <>
          <TaskGroup title={t('late_title')} count={format.number(team.lateTotal)}>
            {team.late.map((task) => (
              <TaskItem key={task.code} task={task} withOwner />
            ))}
          </TaskGroup>
          <p className="mb-8">
            <AppLink href="/tasks?scope=team">{t('all_late')}</AppLink>
          </p>
        </>
      )}
    </>
  )
}

/** What each member of a supervisor's unit carries. */
export async function LoadTable({ load, aside }: { readonly load: readonly LoadLine[]; readonly aside?: ReactNode }) {
  const t = await getTranslations('home.team')
  const format = await getFormat()
  return (
    <Section title={t('load')} aside={aside}>
      <DataTable
        caption={t('load_note')}
        rows={load}
        rowKey={({ handle }) => handle}
        rowTone={({ late }) => (late > 0 ? 'stop' : undefined)}
        columns={[
          {
            key: 'member',
            head: t('member'),
            cell: ({ handle, name }) => (
              <AppLink href={`/cases?tab=agency&worker=${handle}&status=open`}>{name}</AppLink>
            ),
          },
          { key: 'cases', head: t('cases'), align: 'end', cell: ({ cases }) => format.number(cases) },
          { key: 'high', head: t('high'), align: 'end', cell: ({ highRisk }) => format.number(highRisk) },
          { key: 'late', head: t('late'), align: 'end', cell: ({ late }) => format.number(late) },
        ]}
        empty={<EmptyState title={t('none')} />}
      />
    </Section>
  )
}
