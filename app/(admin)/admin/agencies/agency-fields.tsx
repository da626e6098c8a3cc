import { getTranslations } from 'next-intl/server'
import { RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { AGENCY_KINDS, type NetworkView } from '@/lib/agencies/administration-schema'

/** What is asked of every new agency, whether its people will work here or not. */
export async function AgencyFields({ networks }: { readonly networks: readonly NetworkView[] }) {
  const t = await getTranslations('agencies')
  const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
  return (
    <>
      <TextInput name="name" label={t('agency.name.label')} maxLength={120} focusFirst />
      <TextInput name="key" label={t('agency.key.label')} hint={t('agency.key.hint')} maxLength={31} width="sm" code />
      <RadioRows
        name="kind"
        label={t('agency.kind.label')}
        columns={2}
        choices={AGENCY_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      <Select
        name="network"
        label={t('agency.network.label')}
        empty={false}
        options={networks.map(({ key, name }) => ({ value: key, label: name }))}
      />
      <Combobox name="country" label={t('agency.country.label')} lookup="countries" />
      <Select
        name="timeZone"
        label={t('agency.zone.label')}
        empty={false}
        options={zones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))}
      />
    </>
  )
}
