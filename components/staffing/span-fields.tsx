import { getTranslations } from 'next-intl/server'
import { DateField } from '@/components/ui/date-field'
import { TextInput } from '@/components/ui/text-input'

/** From when until when, in the agency's own time. */
export async function SpanFields({ today, tomorrow }: { readonly today: string; readonly tomorrow: string }) {
  const t = await getTranslations('staffing')
  const quick = [
    { value: today, label: t('today') },
    { value: tomorrow, label: t('tomorrow') },
  ]
  return (
    <>
      <DateField name="fromOn" label={t('from.label')} quick={quick} calendar />
      <TextInput name="fromTime" label={t('from.time')} hint={t('from.time_hint')} optional width="xs" maxLength={5} />
      <DateField name="untilOn" label={t('until.label')} quick={quick} calendar />
      <TextInput name="untilTime" label={t('until.time')} hint={t('time.hint')} width="xs" maxLength={5} />
    </>
  )
}
