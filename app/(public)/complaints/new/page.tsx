import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ComplaintFields } from '@/components/complaints/complaint-fields'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { initialForm } from '@/lib/forms/initial-form'
import { ANSWER_WAYS } from '@/lib/oversight/complaints/schema'
import { fileComplaintAction } from '../actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('complaints')
  return { title: t('new.page_title') }
}

/** The code of the slip and three questions, for anybody: no name is asked. */
export default async function NewComplaintPage() {
  const t = await getTranslations('complaints')
  return (
    <>
      <PageHeader title={t('new.title')} />
      <div className="measure mb-6 grid gap-4">
        <p>{t('new.intro')}</p>
        <Notice tone="warn" icon="triangle-alert">
          {t('no_name')}
        </Notice>
        <p>
          <AppLink href="/complaints">{t('new.have_one')}</AppLink>
        </p>
      </div>
      <ActionForm
        action={fileComplaintAction}
        initial={await initialForm()}
        submit={t('new.submit')}
        footer={<p className="measure text-note text-ink-2">{t('new.who_reads')}</p>}
      >
        <TextInput
          name="code"
          label={t('new.code')}
          hint={t('new.code_hint')}
          width="sm"
          maxLength={40}
          code
          focusFirst
        />
        <ComplaintFields />
        <RadioRows
          name="answerBy"
          label={t('answer_label')}
          choices={ANSWER_WAYS.map((value) => ({
            value,
            label: t(`answer_by.${value}`),
            hint: t(`answer_hint.${value}`),
          }))}
        />
        <CheckRows
          name="toldCase"
          label={t('new.case_label')}
          choices={[{ value: 'yes', label: t('new.case_tick'), hint: t('new.case_hint') }]}
          optional
        />
      </ActionForm>
    </>
  )
}
