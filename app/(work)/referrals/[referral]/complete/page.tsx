import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { initialForm } from '@/lib/forms/initial-form'
import { OUTCOMES } from '@/lib/referrals/schema'
import { completeAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/complete'>

export const generateMetadata = titleOrMissing(CompletePage, async (props: Props) => {
  const t = await getTranslations('referrals.complete')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(CompletePage)

/** What came of it, for the sender; what was shared closes with it. */
async function CompletePage(props: Props) {
  const { code, kind, fromAgencyName } = await referralFor(props, 'complete')
  const isLead = kind === 'transfer'
  const t = await getTranslations('referrals')
  const here = `/referrals/${code}`
  return (
    <>
      <PageHeader
        title={t(isLead ? 'transfer.give_back_title' : 'complete.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
        facts={<bdi>{fromAgencyName}</bdi>}
      />
      <p className="measure mb-6">{t(isLead ? 'transfer.give_back_intro' : 'complete.intro')}</p>
      <ActionForm
        action={completeAction}
        initial={await initialForm({}, `${here}/complete`)}
        submit={t(isLead ? 'act.give_back' : 'complete.submit')}
        cancel={{ href: here }}
        hidden={{ referral: code }}
      >
        <RadioRows
          name="outcome"
          label={t('complete.outcome')}
          choices={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        />
        <TextArea
          name="text"
          label={t('complete.text')}
          hint={t('complete.text_hint')}
          optional
          maxLength={1000}
          rows={3}
        />
      </ActionForm>
    </>
  )
}
