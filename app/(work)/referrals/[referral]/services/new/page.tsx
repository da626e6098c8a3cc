import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { NoteWarning } from '@/components/assistance/note-warning'
import { RecordAudience } from '@/components/assistance/record-audience'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { buttonClass } from '@/components/ui/button-class'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { Select } from '@/components/ui/select'
import { TextArea } from '@/components/ui/text-area'
import { TextInput } from '@/components/ui/text-input'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { SERVICE_TYPES } from '@/lib/mandate/categories'
import { addDays, dayIn } from '@/lib/platform/zone'
import { viewReferral } from '@/lib/referrals/service'
import { handedOver } from '@/lib/referrals/transfer/rules'
import { logGrantedAction } from '../../../actions'
import { codeIn } from '../../referral-metadata'

type Props = PageProps<'/referrals/[referral]/services/new'>

export const generateMetadata = titleOrMissing(LogGrantedPage, async (props: Props) => {
  const t = await getTranslations('referrals.log')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(LogGrantedPage)

/** A service on another agency's case: one of the kinds that the referral is for, when, how long, and a note that stays here. */
async function LogGrantedPage({ params }: Props) {
  const actor = await requireActor()
  const found = await viewReferral(actor, { referral: (await params).referral })
  if (!found.ok) notFound()
  const { code, kind, case: on, needs, fromAgencyName, package: shared } = found.value
  if (shared === null || on === null) notFound()
  const t = await getTranslations('referrals')
  const assistance = await getTranslations('assistance')
  const name = await typeNames()
  const here = `/referrals/${code}`
  const categories =
    kind === 'transfer' ? handedOver(shared.fields) : [...new Set(needs.map(({ category }) => category))]
  const today = dayIn(actor.timeZone, new Date())
  const takenOn = needs.filter(({ code: need, accepted }) => need !== null && accepted !== false)
  const [only] = takenOn
  // What it nearly always is: today, and the one need that was taken on with its kind of help.
  const likely = {
    deliveredOn: today,
    ...(only === undefined || takenOn.length > 1
      ? {}
      : { need: only.code ?? '', service: only.type === null ? '' : `${only.category}.${only.type}` }),
  }
  return (
    <>
      <PageHeader
        title={t('log.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
      />
      <p className="measure mb-6">{t('log.intro', { agency: fromAgencyName })}</p>
      <ActionForm
        action={logGrantedAction}
        initial={await initialForm(likely, `${here}/services/new`)}
        submit={t('log.submit')}
        cancel={{ href: here }}
        hidden={{ referral: code, case: on }}
      >
        <Select
          name="service"
          label={t('log.type')}
          options={categories.flatMap((category) =>
            SERVICE_TYPES[category].map((type) => ({ value: `${category}.${type}`, label: name(category, type) })),
          )}
        />
        <Select
          name="need"
          label={t('log.need')}
          hint={t('log.need_hint')}
          optional
          options={takenOn.map(({ code: need, category, type }) => ({
            value: need ?? '',
            label: name(category, type),
          }))}
        />
        <DateField
          name="deliveredOn"
          label={t('log.on')}
          calendar
          quick={[
            { value: today, label: assistance('today') },
            { value: addDays(today, -1), label: assistance('yesterday') },
          ]}
        />
        <TextInput name="minutes" label={t('log.minutes')} optional inputMode="numeric" maxLength={4} />
        <TextArea
          name="note"
          label={assistance('service.note.label')}
          hint={t('log.note_hint', { agency: fromAgencyName })}
          optional
          maxLength={4000}
          visibility={<RecordAudience audience={null} caseCode={on} />}
        />
        <NoteWarning
          check="noteCheck"
          kept="noteKept"
          title={assistance('note_flag.title')}
          asItIs={assistance('note_flag.as_is')}
          look={buttonClass('secondary', 'sm')}
        />
      </ActionForm>
    </>
  )
}
