import { getTranslations } from 'next-intl/server'
import { RadioRows } from '@/components/ui/choices'
import { DateField } from '@/components/ui/date-field'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { VisibilityLine } from '@/components/ui/visibility-line'
import { FINDING_BASES, FINDING_SUBJECTS } from '@/lib/oversight/findings/schema'
import { RULE_GRADES } from '@/lib/oversight/rules/schema'
import { basisKey } from './finding-words'

const LONGEST = 4_000

/** What an auditor says in a finding: how grave, on what basis, about what, in words, and by when to answer. */
export async function FindingFields() {
  const t = await getTranslations('findings')
  const readers = <VisibilityLine audience={t('readers_both')} />
  return (
    <>
      <RadioRows
        name="grade"
        label={t('grade_label')}
        columns={3}
        choices={RULE_GRADES.map((value) => ({ value, label: t(`grade.${value}`) }))}
      />
      <Select
        name="basis"
        label={t('basis_label')}
        options={FINDING_BASES.map((value) => ({ value, label: t(`basis.${basisKey(value)}`) }))}
      />
      <Select
        name="subject"
        label={t('subject_label')}
        hint={t('subject_hint')}
        options={FINDING_SUBJECTS.map((value) => ({ value, label: t(`subject.${value}`) }))}
      />
      <TextArea
        name="statement"
        label={t('statement_label')}
        hint={t('statement_hint')}
        maxLength={LONGEST}
        rows={6}
        visibility={readers}
      />
      <TextArea name="asked" label={t('asked_label')} maxLength={LONGEST} visibility={readers} />
      <DateField name="answerDue" label={t('answer_due_label')} calendar />
    </>
  )
}
