import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Combobox } from '@/components/ui/combobox'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { DISABILITIES, DISPLACEMENTS, GENDERS, MIGRATION_STATUSES, type CodeList } from '@/lib/people/codes'
import type { ProfileQuestion, ProfileView } from '@/lib/people/profile-schema'
import { ProfileField } from './profile-field'

type ProfileFieldsProps = {
  /** What is known, for the names of countries and languages already chosen. */
  readonly profile?: ProfileView
  readonly questions: readonly ProfileQuestion[]
}

/** The questions of the profile, each with its four ways to be answered. */
export async function ProfileFields({ profile, questions }: ProfileFieldsProps) {
  const t = await getTranslations('persons.profile')
  const answers = await getTranslations('ui.answer')
  const controls = await controlsOf(profile)
  const states = {
    stated: answers('stated'),
    declined: answers('declined'),
    not_asked: answers('not_asked'),
    unknown: answers('unknown'),
  }
  return (
    <div className="grid gap-8">
      {questions.map((question) => (
        <ProfileField
          key={question}
          name={`profile.${question}`}
          label={t(`${question}.label`)}
          why={t(`${question}.why`)}
          stateLabels={states}
        >
          {controls[question]}
        </ProfileField>
      ))}
    </div>
  )
}

async function controlsOf(profile: ProfileView | undefined): Promise<Readonly<Record<ProfileQuestion, ReactNode>>> {
  const t = await getTranslations('persons.profile')
  const format = await getFormat()
  const { text } = await getKeyTranslator()
  const codes = (list: CodeList, values: readonly string[]) =>
    values.map((value) => ({ value, label: text(`people.codes.${list}.${value}`) }))
  const yesNo = (question: 'interpreter' | 'pregnancy') => (
    <RadioRows
      name={`profile.${question}.value`}
      label={t('answer')}
      columns={2}
      choices={[
        { value: 'yes', label: t(`${question}.yes`) },
        { value: 'no', label: t(`${question}.no`) },
      ]}
    />
  )
  const chosen = (question: 'citizenships' | 'languages', name: (code: string) => string) => {
    const answer = profile?.[question]
    return answer?.state === 'stated' ? answer.values.map((value) => ({ value, label: name(value) })) : []
  }
  return {
    birth: (
      <TextInput name="profile.birth.value" label={t('birth.label')} width="xs" inputMode="numeric" maxLength={4} />
    ),
    gender: (
      <RadioRows name="profile.gender.value" label={t('answer')} columns={2} choices={codes('gender', GENDERS)} />
    ),
    citizenships: (
      <Combobox
        name="profile.citizenships.values"
        label={t('citizenships.label')}
        lookup="countries"
        many
        chosen={chosen('citizenships', format.country)}
      />
    ),
    languages: (
      <Combobox
        name="profile.languages.values"
        label={t('languages.label')}
        lookup="languages"
        many
        chosen={chosen('languages', format.language)}
      />
    ),
    interpreter: yesNo('interpreter'),
    disability: (
      <CheckRows
        name="profile.disability.values"
        label={t('answer')}
        columns={2}
        choices={codes('disability', DISABILITIES)}
      />
    ),
    pregnancy: yesNo('pregnancy'),
    dependants: (
      <TextInput
        name="profile.dependants.value"
        label={t('dependants.unit')}
        width="xs"
        inputMode="numeric"
        maxLength={2}
      />
    ),
    migration: (
      <Select
        name="profile.migration.value"
        label={t('answer')}
        options={codes('migrationStatus', MIGRATION_STATUSES)}
      />
    ),
    displacement: (
      <RadioRows
        name="profile.displacement.value"
        label={t('answer')}
        columns={2}
        choices={codes('displacement', DISPLACEMENTS)}
      />
    ),
  }
}
