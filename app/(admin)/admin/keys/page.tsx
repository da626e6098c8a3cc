import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Command } from '@/components/ui/command'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { Select } from '@/components/ui/select'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { AgencyKeysView, KeysView, RotationSeen } from '@/lib/oversight/keys/schema'
import { viewKeys } from '@/lib/oversight/keys/service'
import { startRotationAction } from './actions'

const PATH = '/admin/keys'
const NEW_MASTER = 'npm run -s amparo -- keys rotate master'

export const generateMetadata = titleOrMissing(KeysPage, async () => {
  const t = await getTranslations('oversight.keys')
  return { title: t('page_title') }
})

export default orMissing(KeysPage)

async function KeysPage() {
  const found = await viewKeys(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('oversight.keys')
  const { master, mayMove, agencies, rotations } = found.value
  return (
    <>
      <PageHeader title={t('title')} />
      <p className="measure mb-8">{t('intro')}</p>
      <Section title={t('master_title')}>
        <DataTable
          caption={t('master_caption', { count: master.length })}
          columns={await masterColumns()}
          rows={master}
          rowKey={({ version }) => String(version)}
          empty={null}
        />
        <p className="measure mt-3">
          {t('master_hint')} <Command text={NEW_MASTER} />
        </p>
        {mayMove ? (
          <ActionForm
            action={startRotationAction}
            initial={await initialForm({}, `${PATH}#master`)}
            submit={t('move')}
            hidden={{ kind: 'master' }}
            label={t('master_title')}
          />
        ) : null}
      </Section>
      <Section title={t('agencies_title')}>
        <DataTable
          caption={t('agencies_caption', { count: agencies.length })}
          columns={await agencyColumns()}
          rows={agencies}
          rowKey={({ agency }) => agency}
          empty={null}
        />
      </Section>
      <Section title={t('change_title')}>
        <ActionForm
          action={startRotationAction}
          initial={await initialForm({}, `${PATH}#agency`)}
          submit={t('change')}
          hidden={{ kind: 'agency' }}
          label={t('change_title')}
        >
          <Select
            name="agency"
            label={t('agency')}
            hint={t('change_hint')}
            options={agencies.map(({ agency }) => ({ value: agency, label: agency }))}
          />
        </ActionForm>
      </Section>
      <Section title={t('rotations_title')}>
        <DataTable
          caption={t('rotations_caption', { count: rotations.length })}
          columns={await rotationColumns()}
          rows={rotations}
          rowKey={({ kind, subject, startedAt }) => `${kind} ${subject} ${startedAt.toISOString()}`}
          empty={<EmptyState title={t('rotations_empty')} />}
        />
      </Section>
    </>
  )
}

async function masterColumns(): Promise<Column<KeysView['master'][number]>[]> {
  const t = await getTranslations('oversight.keys')
  const format = await getFormat()
  return [
    {
      key: 'version',
      head: t('version'),
      cell: ({ version, isNewest }) => (
        <>
          {version} {isNewest ? <Pill tone="go">{t('newest')}</Pill> : null}
        </>
      ),
    },
    { key: 'keys', head: t('hanging'), align: 'end', cell: ({ keys }) => format.number(keys) },
  ]
}

async function agencyColumns(): Promise<Column<AgencyKeysView>[]> {
  const t = await getTranslations('oversight.keys')
  const format = await getFormat()
  return [
    { key: 'agency', head: t('agency'), cell: ({ agency }) => <bdi dir="ltr">{agency}</bdi> },
    {
      key: 'version',
      head: t('version'),
      cell: ({ version, isChanging }) => (
        <>
          {version} {isChanging ? <Pill tone="info">{t('changing')}</Pill> : null}
        </>
      ),
    },
    { key: 'since', head: t('since'), cell: ({ since }) => format.moment(since) },
    { key: 'older', head: t('older'), cell: ({ older }) => (older.length === 0 ? t('none') : older.join(', ')) },
    { key: 'persons', head: t('persons'), align: 'end', cell: ({ persons }) => format.number(persons) },
  ]
}

async function rotationColumns(): Promise<Column<RotationSeen>[]> {
  const t = await getTranslations('oversight.keys')
  const format = await getFormat()
  return [
    {
      key: 'what',
      head: t('what'),
      cell: ({ kind, subject }) =>
        kind === 'master' ? (
          t('master_title')
        ) : kind === 'person' ? (
          <Code code={subject} />
        ) : (
          <bdi dir="ltr">{subject}</bdi>
        ),
    },
    {
      key: 'versions',
      head: t('version'),
      cell: ({ fromVersion, toVersion }) => t('from_to', { from: fromVersion, to: toVersion }),
    },
    { key: 'progress', head: t('moved'), cell: ({ done, total }) => t('progress', { done, total }) },
    {
      key: 'state',
      head: t('state_head'),
      showHeadOnCard: false,
      cell: ({ state }) => <Pill tone={state === 'running' ? 'info' : 'go'}>{t(`state.${state}`)}</Pill>,
    },
    { key: 'started', head: t('started'), cell: ({ startedAt }) => format.moment(startedAt) },
  ]
}
