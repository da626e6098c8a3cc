import { useTranslations } from 'next-intl'
import { getTranslations } from 'next-intl/server'
import { Pill } from '@/components/ui/pill'
import type { TurnedAwayView } from '@/lib/assistance/turned-away/schema'
import { getFormat } from '@/lib/i18n/get-format'

type Seen = Pick<TurnedAwayView, 'gender' | 'age' | 'language' | 'migration' | 'seen'>

/** What could be seen or was told of somebody, each with its name; what wasn't is left out. */
export async function seenWords(): Promise<
  (record: Seen) => readonly { readonly label: string; readonly value: string }[]
> {
  const t = await getTranslations('turned_away')
  const codes = await getTranslations('people.codes')
  const format = await getFormat()
  return ({ gender, age, language, migration, seen }) => [
    ...(gender === null ? [] : [{ label: t('gender'), value: codes(`gender.${gender}`) }]),
    ...(age === null ? [] : [{ label: t('age_label'), value: t(`age.${age}`) }]),
    ...(language === null ? [] : [{ label: t('language'), value: format.language(language) }]),
    ...(migration === null ? [] : [{ label: t('migration_label'), value: t(`migration.${migration}`) }]),
    ...(seen.length === 0
      ? []
      : [{ label: t('also_seen'), value: format.list(seen.map((fact) => t(`seen.${fact}`))) }]),
  ]
}

/** That a record doesn't count. */
export function TurnedAwayVoided() {
  const t = useTranslations('turned_away')
  return (
    <Pill icon="archive" tone="calm" dashed>
      {t('is_void')}
    </Pill>
  )
}
