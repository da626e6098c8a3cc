import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import { findAnswerAction } from './actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('complaints')
  return { title: t('find.page_title') }
}

/** Leads to the answer of a complaint, by its code. */
export default async function FindAnswerPage() {
  const t = await getTranslations('complaints')
  return (
    <>
      <PageHeader title={t('find.title')} />
      <p className="measure mb-6">{t('find.intro')}</p>
      <ActionForm action={findAnswerAction} initial={await initialForm()} submit={t('find.submit')}>
        <TextInput
          name="receipt"
          label={t('find.receipt')}
          hint={t('find.receipt_hint')}
          width="sm"
          maxLength={40}
          code
          focusFirst
        />
      </ActionForm>
      <p className="mt-8">
        <AppLink href="/complaints/new">{t('find.make_one')}</AppLink>
      </p>
    </>
  )
}
