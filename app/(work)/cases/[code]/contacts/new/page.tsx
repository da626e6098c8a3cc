import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ClosedOn } from '@/components/assistance/closed-on'
import { FieldFold } from '@/components/assistance/field-fold'
import { AudienceLine } from '@/components/cases/audience-line'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { TextInput } from '@/components/ui/text-input'
import { CONTACT_KINDS, CONTACT_OUTCOMES } from '@/lib/assistance/contacts/schema'
import { prepareServiceForm } from '@/lib/assistance/services/form-service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { logContactAction } from './actions'

export const generateMetadata = titleOrMissing(
  NewContactPage,
  async ({ params }: PageProps<'/cases/[code]/contacts/new'>) => {
    const t = await getTranslations('assistance.contact.new')
    const code = parseCode((await params).code, 'CAS')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(NewContactPage)

/** As quick as a service: the kind, and Save; when, outcome and text where they differ from the usual. */
async function NewContactPage({ params }: PageProps<'/cases/[code]/contacts/new'>) {
  const found = await prepareServiceForm(await requireActor(), { case: (await params).code })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${(await params).code}`)
  const form = found.value
  const t = await getTranslations('assistance')
  const here = `/cases/${form.case}`
  const initial = await initialForm({}, `${here}/contacts/new`)
  const audience = <AudienceLine audience={form.audience} caseCode={form.case} />
  return (
    <>
      <PageHeader
        title={t('contact.new.title')}
        crumbs={[
          { label: t('cases'), href: '/cases' },
          { label: <Code code={form.person} />, href: here },
        ]}
        {...(form.closedOn === null ? {} : { facts: <ClosedOn day={form.closedOn} /> })}
      />
      <ActionForm
        action={logContactAction}
        initial={initial}
        submit={t('contact.new.save')}
        also={[{ intent: 'another', label: t('contact.new.another') }]}
        cancel={{ href: here }}
        hidden={{ case: form.case }}
        footer={audience}
      >
        <RadioRows
          name="kind"
          label={t('contact.kind.label')}
          columns={3}
          focusFirst
          choices={CONTACT_KINDS.map((kind) => ({ value: kind, label: t(`contact.kind.${kind}`) }))}
        />
        <DateField
          name="occurredOn"
          label={t('contact.when')}
          calendar
          {...(form.closedOn === null
            ? {
                quick: [
                  { value: form.today, label: t('today') },
                  { value: form.yesterday, label: t('yesterday') },
                ],
              }
            : {})}
        />
        <TextInput
          name="occurredTime"
          label={t('contact.time.label')}
          hint={t('contact.time.hint')}
          optional
          width="xs"
          maxLength={5}
        />
        <Select
          name="outcome"
          label={t('contact.outcome.label')}
          empty={t('contact.outcome.usual')}
          options={CONTACT_OUTCOMES.map((outcome) => ({ value: outcome, label: t(`contact.outcome.${outcome}`) }))}
        />
        <TextArea
          name="text"
          label={t('contact.text.label')}
          hint={t('contact.text.hint')}
          optional
          maxLength={4000}
          visibility={audience}
        />
        {form.closedOn === null ? <FollowUp /> : null}
      </ActionForm>
    </>
  )
}

async function FollowUp() {
  const t = await getTranslations('assistance')
  return (
    <FieldFold
      summary={t('service.follow_up_on.label')}
      fields={['followUpOn']}
      filled={t('fold.filled')}
      nothing={t('fold.nothing')}
    >
      <DateField
        name="followUpOn"
        label={t('service.follow_up_on.label')}
        hint={t('service.follow_up_on.hint')}
        optional
        calendar
      />
    </FieldFold>
  )
}
