import { getTranslations } from 'next-intl/server'
import { RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { CheckBox } from '@/components/ui/text-input'
import type { Actor } from '@/lib/access/actor'
import { initialForm } from '@/lib/forms/initial-form'
import { LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale'
import { changeSettingsAction } from './actions'

const THEMES = ['system', 'light', 'dark'] as const
const DENSITIES = ['comfortable', 'compact'] as const

type SettingsFormProps = { readonly actor: Pick<Actor, 'locale' | 'theme' | 'density' | 'shortcuts'> }

/** How one's own screens look and speak. */
export async function SettingsForm({ actor }: SettingsFormProps) {
  const t = await getTranslations('profile.settings')
  const { locale, theme, density, shortcuts } = actor
  const initial = await initialForm({ locale, theme, density, shortcuts }, '/profile')
  return (
    <ActionForm action={changeSettingsAction} initial={initial} submit={t('save')} label={t('title')}>
      <RadioRows
        name="locale"
        label={t('language')}
        columns={2}
        choices={LOCALES.map((other) => ({ value: other, label: <span lang={other}>{LOCALE_NAMES[other]}</span> }))}
      />
      <RadioRows
        name="theme"
        label={t('theme.label')}
        columns={3}
        choices={THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <RadioRows
        name="density"
        label={t('density.label')}
        columns={2}
        choices={DENSITIES.map((value) => ({ value, label: t(`density.${value}`) }))}
      />
      <CheckBox name="shortcuts" label={t('shortcuts')} hint={t('shortcuts_hint')} />
    </ActionForm>
  )
}
