import { getTranslations } from 'next-intl/server'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Select } from '@/components/ui/select'
import { TextInput } from '@/components/ui/text-input'
import { CONSENT_METHODS, EXPLAINED_POINTS, GIVEN_BY, WITNESSES } from '@/lib/consent/schema'
import { DUTIES } from '@/lib/referrals/own-file/schema'

/** Which legal duty it is; one that isn't on the list in words. */
export async function DutyFields() {
  const t = await getTranslations('own_files')
  return (
    <div className="grid gap-6">
      <RadioRows
        name="duty"
        label={t('form.duty')}
        choices={DUTIES.map((duty) => ({
          value: duty,
          label: t(`duty.${duty}`),
          ...(duty === 'other'
            ? {
                revealed: (
                  <TextInput name="words" label={t('form.words')} hint={t('form.words_hint')} maxLength={500} />
                ),
              }
            : {}),
        }))}
      />
    </div>
  )
}

/** What the person was told, and how they answered: the same points as any consent has. */
export async function SaidFields() {
  const t = await getTranslations('own_files.form')
  const words = await getTranslations('consents')
  return (
    <div className="grid gap-6">
      <CheckRows
        name="explained"
        label={t('explained')}
        hint={t('explained_hint')}
        choices={EXPLAINED_POINTS.map((point) => ({
          value: point,
          label: words(`point.${point}`),
          hint: words(`read_out.${point}`),
        }))}
      />
      <RadioRows
        name="givenBy"
        label={t('given_by')}
        columns={3}
        choices={GIVEN_BY.map((value) => ({ value, label: words(`given_by.${value}`) }))}
      />
      <RadioRows
        name="method"
        label={t('method')}
        columns={3}
        choices={CONSENT_METHODS.map((value) => ({ value, label: words(`method.${value}`) }))}
      />
      <Select
        name="witness"
        label={t('witness')}
        hint={t('witness_hint')}
        optional
        options={WITNESSES.map((value) => ({ value, label: words(`witnesses.${value}`) }))}
      />
    </div>
  )
}
