import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { CheckRows, RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { TextInput } from '@/components/ui/text-input'
import { requireActor } from '@/lib/auth/require-actor'
import { EXCEPTION_BASES } from '@/lib/consent/exceptions/schema'
import { prepareException } from '@/lib/consent/exceptions/service'
import { FIELD_KEYS } from '@/lib/consent/fields'
import { SHARING_PURPOSES } from '@/lib/consent/sharing/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { caseMetadata } from '../../../case-metadata'
import { makeExceptionAction } from './actions'

type Props = PageProps<'/cases/[code]/sharing/without-consent/new'>

export const generateMetadata = titleOrMissing(NewExceptionPage, async ({ params }: Props) => {
  const t = await getTranslations('exceptions')
  return caseMetadata(params, t('make'))
})

export default orMissing(NewExceptionPage)

/** To whom, what, on which basis, why, for how long: as little as the danger asks for. */
async function NewExceptionPage({ params }: Props) {
  const { code } = await params
  const found = await prepareException(await requireActor(), { case: code })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  const { case: on, person, receivers, audience } = found.value
  const here = `/cases/${on}/sharing`
  const place = `${here}/without-consent/new`
  const t = await getTranslations('exceptions')
  const purposes = await getTranslations('networks.purpose')
  const fields = await getTranslations('consents.fields')
  const readers = <AudienceLine audience={audience} caseCode={on} />
  return (
    <>
      <PageHeader
        title={t('make')}
        crumbs={[
          { label: <Code code={person} />, href: `/cases/${on}` },
          { label: t('title'), href: here },
        ]}
        facts={<span className="measure">{t('new_intro')}</span>}
      />
      <ActionForm
        action={makeExceptionAction}
        initial={await initialForm({}, place)}
        submit={t('submit')}
        tone="stop"
        cancel={{ href: here }}
        cancelFirst
        hidden={{ case: on }}
        footer={<p className="measure text-note text-ink-2">{t('readers')}</p>}
      >
        <Select
          name="agency"
          label={t('agency')}
          options={receivers.map(({ key, name }) => ({ value: key, label: name }))}
        />
        <RadioRows
          name="purpose"
          label={t('purpose')}
          columns={2}
          choices={SHARING_PURPOSES.map((value) => ({ value, label: purposes(value) }))}
        />
        <RadioRows
          name="basis"
          label={t('basis_question')}
          choices={EXCEPTION_BASES.map((value) => ({
            value,
            label: t(`basis.${value}`),
            hint: t(`basis_hint.${value}`),
          }))}
        />
        <CheckRows
          name="fields"
          label={t('fields_question')}
          hint={t('fields_hint')}
          columns={2}
          choices={FIELD_KEYS.map((key) => ({ value: key, label: fields(key) }))}
        />
        <TextInput name="days" label={t('days')} hint={t('days_hint')} width="xs" inputMode="numeric" maxLength={2} />
        <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} maxLength={2_000} visibility={readers} />
      </ActionForm>
    </>
  )
}
