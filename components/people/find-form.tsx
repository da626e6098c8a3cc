import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { TextInput } from '@/components/ui/text-input'
import type { FormAction, FormState } from '@/lib/forms/form-state'

type FindFormProps = { readonly action: FormAction; readonly initial: FormState; readonly focusFirst?: boolean }

/** The search for a person. It is always sent by POST: what is typed never stands in an address. */
export async function FindForm({ action, initial, focusFirst = false }: FindFormProps) {
  const t = await getTranslations('persons.find')
  return (
    <ActionForm
      action={action}
      initial={initial}
      submit={t('submit')}
      label={t('title')}
      footer={<p className="text-note text-ink-2">{t('recorded')}</p>}
    >
      <TextInput name="query" label={t('label')} hint={t('hint')} width="lg" focusFirst={focusFirst} />
    </ActionForm>
  )
}
