import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Command } from '@/components/ui/command'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import type { BackupRunView, BackupsView } from '@/lib/backup/schema'
import { viewBackups } from '@/lib/backup/service'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { requestBackupAction } from './actions'
import { RunTable } from './run-table'

export const generateMetadata = titleOrMissing(BackupsPage, async () => {
  const t = await getTranslations('backups')
  return { title: t('page_title') }
})

export default orMissing(BackupsPage)

/** How backups and rehearsals went, what is planned, and what to do where something is wrong. Shows nobody's records. */
async function BackupsPage() {
  const found = await viewBackups(await requireActor())
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('backups')
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="mb-8 grid gap-4">
        <Warnings view={view} />
        <LastOnes view={view} />
        {view.hasKey && !view.isWaiting ? (
          <ActionForm action={requestBackupAction} initial={await initialForm()} submit={t('now')} />
        ) : null}
      </div>
      <Section title={t('schedule.title')}>
        <Schedule view={view} />
      </Section>
      <Section title={t('runs.title')}>
        <RunTable runs={view.runs} />
      </Section>
    </>
  )
}

async function Warnings({ view }: { readonly view: BackupsView }) {
  const t = await getTranslations('backups')
  const format = await getFormat()
  const running = view.runs.find(({ kind, state }) => kind === 'backup' && state === 'running')
  return (
    <>
      {view.hasKey ? null : (
        <Notice tone="warn" icon="triangle-alert" title={t('no_key.title')}>
          {t('no_key.text')} <Command text={t('no_key.command')} />
        </Notice>
      )}
      {view.isLate && view.hasKey && !view.isWaiting ? (
        <Notice tone="warn" icon="triangle-alert" title={t('late.title')}>
          {t('late.text')}
        </Notice>
      ) : null}
      {view.isWaiting ? (
        <Notice
          icon="hourglass"
          title={t('under_way')}
          act={
            <LinkButton href="/admin/backups" tone="secondary">
              {t('reload')}
            </LinkButton>
          }
        >
          {running === undefined ? t('waits') : t('running', { share: format.percent(running.percent / 100) })}
        </Notice>
      ) : null}
      {view.lastRehearsal === null && view.lastBackup !== null ? (
        <Notice title={t('unproven.title')}>
          {t('unproven.text')} <Command text={t('unproven.command')} />
        </Notice>
      ) : null}
    </>
  )
}

async function LastOnes({ view }: { readonly view: BackupsView }) {
  const t = await getTranslations('backups')
  const format = await getFormat()
  const told = (run: BackupRunView | null) =>
    run === null
      ? t('never')
      : t('shows', {
          moment: format.moment(run.takenAt ?? run.at),
          size: format.number(Math.ceil((run.bytes ?? 0) / 100_000) / 10),
          rows: run.rows ?? 0,
        })
  return (
    <Facts
      facts={[
        { label: t('last_backup'), value: told(view.lastBackup) },
        {
          label: t('last_rehearsal'),
          value:
            view.lastRehearsal === null
              ? t('never')
              : t('rehearsed', {
                  moment: format.moment(view.lastRehearsal.at),
                  seconds: Math.ceil(view.lastRehearsal.seconds ?? 0),
                }),
        },
      ]}
    />
  )
}

async function Schedule({ view }: { readonly view: BackupsView }) {
  const t = await getTranslations('backups')
  const { hour, directory, keep } = view.schedule
  return (
    <Facts
      facts={[
        {
          label: t('schedule.when'),
          value: hour === 'off' ? t('schedule.off') : t('schedule.daily', { hour: String(hour).padStart(2, '0') }),
        },
        { label: t('schedule.folder'), value: <Command text={directory} /> },
        { label: t('schedule.kept'), value: t('schedule.keep', keep) },
        { label: t('schedule.keys'), value: t('schedule.keep_keys', { days: keep.keyDays }) },
      ]}
    />
  )
}
