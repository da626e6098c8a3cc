import { getTranslations } from 'next-intl/server'
import type { Option } from '@/components/ui/select'
import type { ColleagueView } from '@/lib/agencies/staffing-schema'

/** Colleagues to choose from, with their unit, which tells two of one name apart. */
export async function colleagueOptions(colleagues: readonly ColleagueView[]): Promise<Option[]> {
  const t = await getTranslations('staffing.member')
  return colleagues.map(({ code, name, unit }) => ({
    value: code,
    label: unit === null ? name : t('in_unit', { name, unit }),
  }))
}
