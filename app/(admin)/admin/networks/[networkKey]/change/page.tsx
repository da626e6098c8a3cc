import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { ActionForm } from '@/components/ui/form'
import { PageHeader, Section } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { LEGAL_BASES, PURPOSES, URGENCY_KEYS } from '@/lib/agencies/network-schema'
import { viewNetwork } from '@/lib/agencies/network-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { changeNetworkAction } from '../../actions'
import { choicesOf } from '../../network-choices'
import { inputOf, networkFields } from '../../network-values'

type Props = PageProps<'/admin/networks/[networkKey]/change'>

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const

export const generateMetadata = titleOrMissing(ChangeNetworkPage, async () => {
  const t = await getTranslations('networks')
  return { title: t('change.page_title') }
})

export default orMissing(ChangeNetworkPage)

async function ChangeNetworkPage({ params }: Props) {
  const { networkKey } = await params
  const found = await viewNetwork(await requireActor(), networkKey)
  if (!found.ok) notFound()
  const network = found.value
  const t = await getTranslations('networks')
  const format = await getFormat()
  const path = `/admin/networks/${network.key}`
  const choices = choicesOf(network)
  const fields = await networkFields(inputOf(network), choices)
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
  const starting = Object.fromEntries(fields.map(({ field, values }) => [field, values]))
  return (
    <>
      <PageHeader
        title={t('change.title')}
        crumbs={[
          { label: t('list.title'), href: '/admin/networks' },
          { label: network.name, href: path },
        ]}
      />
      <ActionForm
        action={changeNetworkAction}
        initial={await initialForm(starting, `${path}/change`)}
        submit={t('change.submit')}
        cancel={{ href: path }}
        hidden={{ network: network.key, version: String(network.version) }}
        footer={<p className="measure text-note text-ink-2">{t('change.effect')}</p>}
      >
        <TextInput name="name" label={t('name.label')} maxLength={120} />
        <Combobox
          name="country"
          label={t('country')}
          lookup="countries"
          chosen={[{ value: network.country, label: format.country(network.country) }]}
        />
        <Select
          name="timeZone"
          label={t('zone')}
          empty={false}
          options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
        />
        <TextInput
          name="leaveUrl"
          label={t('leave_url.label')}
          hint={t('leave_url.hint')}
          type="url"
          maxLength={300}
          optional
        />
        <Section title={t('hours.title')}>
          <div className="grid gap-6">
            <CheckRows
              name="workingDays"
              label={t('hours.days')}
              columns={4}
              choices={WEEKDAYS.map((day) => ({ value: day, label: t(`weekday.${day}`) }))}
            />
            <TextInput name="opens" label={t('hours.opens')} hint={t('hours.hint')} width="xs" maxLength={5} code />
            <TextInput name="closes" label={t('hours.closes')} width="xs" maxLength={5} code />
          </div>
        </Section>
        {URGENCY_KEYS.map((urgency) => (
          <Section key={urgency} title={t(`limit.title_${urgency}`)}>
            <div className="grid gap-6">
              <TextInput
                name={`contactHours.${urgency}.hours`}
                label={t('limit.hours')}
                width="xs"
                inputMode="numeric"
                maxLength={4}
              />
              <TextInput
                name={`contactHours.${urgency}.source`}
                label={t('limit.source')}
                hint={t('limit.source_hint')}
                width="lg"
                maxLength={200}
              />
              <TextInput
                name={`referralLimits.${urgency}.acknowledge`}
                label={t('limit.acknowledge')}
                hint={t(urgency === 'routine' ? 'limit.in_days' : 'limit.in_hours')}
                width="xs"
                inputMode="numeric"
                maxLength={3}
              />
              <TextInput
                name={`referralLimits.${urgency}.decide`}
                label={t('limit.decide')}
                hint={t(urgency === 'routine' ? 'limit.in_days' : 'limit.in_hours')}
                width="xs"
                inputMode="numeric"
                maxLength={3}
              />
            </div>
          </Section>
        ))}
        <TextInput
          name="referralExpiry"
          label={t('limit.expiry')}
          hint={t('limit.expiry_hint')}
          width="xs"
          inputMode="numeric"
          maxLength={2}
        />
        <Section title={t('identification.title')}>
          <div className="grid gap-6">
            <Select
              name="identifyingService"
              label={t('identification.authority')}
              hint={t('identification.authority_hint')}
              empty={t('nobody')}
              options={choices.identifying}
              optional
            />
            {(['acknowledge', 'decide', 'reconsider'] as const).map((limit) => (
              <TextInput
                key={limit}
                name={`identification.${limit}`}
                label={t(`identification.${limit}`)}
                hint={t('limit.in_days')}
                width="xs"
                inputMode="numeric"
                maxLength={3}
              />
            ))}
            <TextInput
              name="identification.source"
              label={t('limit.source')}
              hint={t('limit.source_hint')}
              width="lg"
              maxLength={200}
            />
          </div>
        </Section>
        <Section title={t('basis.title')}>
          <div className="grid gap-6">
            {PURPOSES.map((purpose) => (
              <CheckRows
                key={purpose}
                name={`legalBases.${purpose}`}
                label={t(`purpose.${purpose}`)}
                columns={2}
                choices={LEGAL_BASES.map((basis) => ({ value: basis, label: t(`basis.${basis}`) }))}
              />
            ))}
          </div>
        </Section>
        <TextInput
          name="smallNumber"
          label={t('small_number.label')}
          hint={t('small_number.hint')}
          width="xs"
          inputMode="numeric"
          maxLength={3}
        />
        <Select
          name="coordinator"
          label={t('coordinator.label')}
          hint={t('coordinator.hint')}
          empty={t('nobody')}
          options={choices.coordinators}
          optional
        />
        <Select
          name="oversight"
          label={t('oversight.label')}
          hint={t('oversight.hint')}
          empty={t('nobody')}
          options={choices.oversight}
          optional
        />
      </ActionForm>
    </>
  )
}
