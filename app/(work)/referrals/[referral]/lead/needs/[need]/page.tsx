import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { NeedStatePill } from '@/components/assistance/status-pills'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { nextNeedStates } from '@/lib/assistance/needs/rules'
import { NOT_MET_REASONS } from '@/lib/assistance/needs/schema'
import { initialForm } from '@/lib/forms/initial-form'
import { parseCode } from '@/lib/platform/ids'
import { moveLedNeedAction } from '../../actions'
import { ledCaseFor } from '../../led-case'

type Props = PageProps<'/referrals/[referral]/lead/needs/[need]'>

export const generateMetadata = titleOrMissing(LedNeedPage, async ({ params }: Props) => {
  const t = await getTranslations('assistance.need.record')
  const code = parseCode((await params).need, 'NED')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(LedNeedPage)

/** A need of a case that the agency leads: how it stands, and where it goes next. */
async function LedNeedPage(props: Props) {
  const led = await ledCaseFor(props)
  const code = parseCode((await props.params).need, 'NED')
  const need = led.needs.find((one) => one.code === code)
  if (need === undefined) notFound()
  const t = await getTranslations('assistance.need')
  const words = await getTranslations('referrals.lead')
  const name = await typeNames()
  const here = `/referrals/${led.transfer}/lead`
  const reasons = (
    <RadioRows
      name="notMetReason"
      label={t('not_met.label')}
      columns={2}
      choices={NOT_MET_REASONS.map((reason) => ({ value: reason, label: t(`not_met.${reason}`) }))}
    />
  )
  return (
    <>
      <PageHeader
        title={name(need.category, need.type)}
        crumbs={[
          { label: words('list_title'), href: '/referrals/led' },
          { label: <Code code={led.case} />, href: here },
        ]}
        pills={
          <>
            <NeedStatePill state={need.state} />
            <UrgencyFlag urgency={need.urgency} />
          </>
        }
        facts={<Code code={need.code} />}
      />
      <ActionForm
        action={moveLedNeedAction}
        initial={await initialForm({}, `${here}/needs/${need.code}`)}
        submit={t('change.save')}
        cancel={{ href: here }}
        hidden={{ referral: led.transfer, need: need.code, version: String(need.version) }}
      >
        <RadioRows
          name="state"
          label={words('next_state')}
          choices={nextNeedStates(need.state).map((state) => ({
            value: state,
            label: t(`state.${state}`),
            ...(state === 'not_met' ? { revealed: reasons } : {}),
          }))}
        />
      </ActionForm>
    </>
  )
}
