import { getTranslations } from 'next-intl/server'
import { RadioRows } from '@/components/ui/choices'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { COMPLAINT_GROUNDS, COMPLAINT_SUBJECTS } from '@/lib/oversight/complaints/schema'

/** The first two questions: what it is about, and what happened. */
export async function ComplaintFields() {
  const t = await getTranslations('complaints')
  return (
    <>
      <RadioRows
        name="subject"
        label={t('subject_label')}
        columns={2}
        choices={COMPLAINT_SUBJECTS.map((value) => ({
          value,
          label: t(`subject.${value}`),
          ...(value === 'treated_unequally'
            ? {
                revealed: (
                  <Select
                    name="ground"
                    label={t('ground_label')}
                    empty={t('ground_none')}
                    options={COMPLAINT_GROUNDS.map((ground) => ({ value: ground, label: t(`ground.${ground}`) }))}
                    optional
                  />
                ),
              }
            : {}),
        }))}
      />
      <TextArea name="text" label={t('text_label')} hint={t('text_hint')} maxLength={2000} rows={6} optional />
    </>
  )
}
