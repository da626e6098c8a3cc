import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { DateField } from '@/components/ui/date-field'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { PURPOSES, URGENCY_KEYS, type NetworkDetail } from '@/lib/agencies/network-schema'
import { viewNetwork } from '@/lib/agencies/network-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { addAreaAction, addHolidayAction, removeAreaAction, removeHolidayAction } from '../actions'
import { clockText } from '../network-values'

type Props = PageProps<'/admin/networks/[networkKey]'>

export const generateMetadata = titleOrMissing(NetworkPage, async () => {
  const t = await getTranslations('networks')
  return { title: t('detail.page_title') }
})

export default orMissing(NetworkPage)

/** What a jurisdiction sets for its agencies, and what that makes of a referral sent now. */
async function NetworkPage({ params }: Props) {
  const { networkKey } = await params
  const found = await viewNetwork(await requireActor(), networkKey)
  if (!found.ok) notFound()
  const network = found.value
  const t = await getTranslations('networks')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const path = `/admin/networks/${network.key}`
  const { timeZone, workingDays, opensMinute, closesMinute } = network.calendar
  const holidays = network.holidays.filter(({ day }) => day >= network.today)
  return (
    <>
      <PageHeader
        title={<bdi>{network.name}</bdi>}
        crumbs={[{ label: t('list.title'), href: '/admin/networks' }]}
        primary={
          <LinkButton href={`${path}/change`} tone="primary">
            {t('change.title')}
          </LinkButton>
        }
      />
      {network.coordinator?.isActive === false ? (
        <div className="mb-6">
          <Notice tone="warn">{t('coordinator.left')}</Notice>
        </div>
      ) : null}
      <div className="mb-10">
        <Facts
          facts={[
            { label: t('country'), value: format.country(network.country) },
            { label: t('zone'), value: timeZone.replaceAll('_', ' ') },
            {
              label: t('hours.title'),
              value: t('hours.line', {
                days: format.list(workingDays.map((day) => text(`networks.weekday.${String(day)}`))),
                opens: clockText(opensMinute),
                closes: clockText(closesMinute),
              }),
            },
            { label: t('coordinator.label'), value: <bdi>{network.coordinator?.name ?? t('nobody')}</bdi> },
            { label: t('oversight.label'), value: <bdi>{network.oversight?.name ?? t('nobody')}</bdi> },
            { label: t('limit.expiry'), value: t('limit.expiry_times', { count: network.referralExpiry }) },
            { label: t('small_number.label'), value: format.number(network.smallNumber) },
            { label: t('leave_url.label'), value: <bdi dir="ltr">{network.leaveUrl ?? t('nobody')}</bdi> },
          ]}
        />
      </div>
      <Section title={t('limit.title')}>
        <DataTable
          caption={t('limit.title')}
          isCaptionHidden
          rows={URGENCY_KEYS}
          rowKey={(urgency) => urgency}
          columns={[
            { key: 'urgency', head: t('limit.urgency'), cell: (urgency) => t(`urgency.${urgency}`) },
            {
              key: 'contact',
              head: t('limit.contact'),
              cell: (urgency) => t('limit.count_hours', { count: network.contactHours[urgency].hours }),
            },
            { key: 'source', head: t('limit.source'), cell: (urgency) => text(network.contactHours[urgency].source) },
            {
              key: 'acknowledge',
              head: t('limit.acknowledge'),
              cell: (urgency) => limitText(urgency, network.referralLimits[urgency].acknowledge),
            },
            {
              key: 'decide',
              head: t('limit.decide'),
              cell: (urgency) => limitText(urgency, network.referralLimits[urgency].decide),
            },
          ]}
          empty={null}
        />
        <p className="measure mt-4 text-ink-2">
          {t('limit.example', {
            acknowledge: format.moment(network.example.acknowledge),
            decide: format.moment(network.example.decide),
          })}
        </p>
      </Section>
      <Section title={t('identification.title')}>
        <Facts
          facts={[
            {
              label: t('identification.authority'),
              value:
                network.identifying === null ? (
                  t('nobody')
                ) : (
                  <bdi>{`${network.identifying.agency}: ${network.identifying.name}`}</bdi>
                ),
            },
            ...(['acknowledge', 'decide', 'reconsider'] as const).map((limit) => ({
              label: t(`identification.${limit}`),
              value: t('limit.count_days', { count: network.identification[limit] }),
            })),
            { label: t('limit.source'), value: text(network.identification.source) },
          ]}
        />
      </Section>
      <Section title={t('holiday.title')} id="holidays">
        <DataTable
          caption={t('holiday.caption', { count: holidays.length })}
          rows={holidays}
          rowKey={({ day }) => day}
          columns={[
            { key: 'day', head: t('holiday.day'), cell: ({ day }) => format.day(day) },
            { key: 'name', head: t('holiday.name'), cell: ({ name }) => <bdi>{name}</bdi> },
            {
              key: 'act',
              head: t('holiday.act'),
              showHeadOnCard: false,
              cell: ({ day, name }) => (
                <RemoveHoliday
                  network={network.key}
                  version={network.version}
                  day={day}
                  label={t('holiday.remove', { name, day: format.day(day) })}
                />
              ),
            },
          ]}
          empty={<EmptyState title={t('holiday.empty')} />}
        />
        <div className="mt-6">
          <ActionForm
            action={addHolidayAction}
            initial={await initialForm({}, path)}
            submit={t('holiday.add')}
            tone="secondary"
            hidden={{ network: network.key, version: String(network.version) }}
            label={t('holiday.add')}
          >
            <DateField name="day" label={t('holiday.day')} />
            <TextInput name="name" label={t('holiday.name')} maxLength={80} />
          </ActionForm>
        </div>
      </Section>
      <Areas network={network} />
      <Section title={t('basis.title')}>
        <Facts
          facts={PURPOSES.map((purpose) => ({
            label: t(`purpose.${purpose}`),
            value: format.list(network.legalBases[purpose].map((basis) => t(`basis.${basis}`))),
          }))}
        />
      </Section>
      <Section title={t('agencies')}>
        <ul className="grid gap-1">
          {network.agencies.map(({ key, name }) => (
            <li key={key}>
              <AppLink href={`/admin/agencies/${key}`} className="text-action-ink underline">
                <bdi>{name}</bdi>
              </AppLink>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('history.title')}>
        <DataTable
          caption={t('history.title')}
          isCaptionHidden
          rows={network.changes}
          rowKey={({ version }) => String(version)}
          columns={[
            { key: 'version', head: t('history.version'), cell: ({ version }) => format.number(version) },
            { key: 'at', head: t('history.at'), cell: ({ at }) => format.moment(at) },
            { key: 'by', head: t('history.by'), cell: ({ by }) => <bdi>{by}</bdi> },
            {
              key: 'fields',
              head: t('history.fields'),
              cell: ({ fields }) => format.list(fields.map((field) => text(`networks.field.${field}`))),
            },
          ]}
          empty={<EmptyState title={t('history.empty')} />}
        />
      </Section>
    </>
  )

  function limitText(urgency: (typeof URGENCY_KEYS)[number], count: number): string {
    return urgency === 'routine' ? t('limit.count_days', { count }) : t('limit.count_hours', { count })
  }
}

/** The areas that the network's services are found by. */
async function Areas({ network }: { readonly network: NetworkDetail }) {
  const t = await getTranslations('networks')
  const path = `/admin/networks/${network.key}`
  const seen = { network: network.key, version: String(network.version) }
  const removals = await Promise.all(network.areas.map(async (area) => ({ ...area, initial: await initialForm() })))
  return (
    <Section title={t('area.title')} id="areas">
      <p className="measure mb-4">{t('area.explain')}</p>
      <DataTable
        caption={t('area.caption', { count: network.areas.length })}
        rows={removals}
        rowKey={({ key }) => key}
        columns={[
          { key: 'name', head: t('area.name'), cell: ({ name }) => <bdi>{name}</bdi> },
          {
            key: 'act',
            head: t('holiday.act'),
            showHeadOnCard: false,
            cell: ({ key, name, initial }) => (
              <ActionForm
                action={removeAreaAction}
                initial={initial}
                submit={t('area.remove', { name })}
                tone="secondary"
                hidden={{ ...seen, area: key }}
                label={t('area.remove', { name })}
              />
            ),
          },
        ]}
        empty={<EmptyState title={t('area.empty')} />}
      />
      <div className="mt-6">
        <ActionForm
          action={addAreaAction}
          initial={await initialForm({}, `${path}#areas`)}
          submit={t('area.add')}
          tone="secondary"
          hidden={seen}
          label={t('area.add')}
        >
          <TextInput name="name" label={t('area.name')} hint={t('area.hint')} maxLength={80} />
        </ActionForm>
      </div>
    </Section>
  )
}

async function RemoveHoliday({
  network,
  version,
  day,
  label,
}: {
  readonly network: string
  readonly version: number
  readonly day: string
  readonly label: string
}) {
  return (
    <ActionForm
      action={removeHolidayAction}
      initial={await initialForm()}
      submit={label}
      tone="secondary"
      hidden={{ network, version: String(version), day }}
      label={label}
    />
  )
}
