import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { IDENTIFICATION_STATUSES } from '@/lib/cases/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { DECIDING_BODIES } from '@/lib/people/codes'
import { DECISION_REASONS } from '@/lib/referrals/schema'
import { decideAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/decide'>

export const generateMetadata = titleOrMissing(DecidePage, async (props: Props) => {
  const t = await getTranslations('referrals.decide')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(DecidePage)

/** What the authority decided on identification, which body, when and why; it goes back to the case. */
async function DecidePage(props: Props) {
  const { code, fromAgencyName } = await referralFor(props, 'decide')
  const t = await getTranslations('referrals')
  const bodies = await getTranslations('people.codes.decidingBody')
  const here = `/referrals/${code}`
  return (
    <>
      <PageHeader
        title={t('decide.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
        facts={<bdi>{fromAgencyName}</bdi>}
      />
      <p className="measure mb-6">{t('decide.intro')}</p>
      <ActionForm
        action={decideAction}
        initial={await initialForm({}, `${here}/decide`)}
        submit={t('decide.submit')}
        cancel={{ href: here }}
        hidden={{ referral: code }}
      >
        <RadioRows
          name="decision"
          label={t('decide.status')}
          choices={IDENTIFICATION_STATUSES.map((status) => ({
            value: status,
            label: t(`decision.${status}`),
          }))}
        />
        <RadioRows
          name="decidingBody"
          label={t('decide.by')}
          columns={2}
          choices={DECIDING_BODIES.map((body) => ({ value: body, label: bodies(body) }))}
        />
        <DateField name="decidedOn" label={t('decide.on')} calendar />
        <RadioRows
          name="decisionReason"
          label={t('decide.reason')}
          choices={DECISION_REASONS.map((reason) => ({ value: reason, label: t(`decision_reason.${reason}`) }))}
        />
        <TextArea
          name="text"
          label={t('decide.text')}
          hint={t('decide.text_hint')}
          optional
          maxLength={1000}
          rows={3}
        />
      </ActionForm>
    </>
  )
}
