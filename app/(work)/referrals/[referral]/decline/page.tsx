import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { RadioRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { initialForm } from '@/lib/forms/initial-form'
import { DECLINE_REASONS } from '@/lib/referrals/schema'
import { declineAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/decline'>

export const generateMetadata = titleOrMissing(DeclinePage, async (props: Props) => {
  const t = await getTranslations('referrals.decline')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(DeclinePage)

/** Why an agency doesn't take a referral on: a code, and words where the code asks for them. */
async function DeclinePage(props: Props) {
  const { code, fromAgencyName } = await referralFor(props, 'decline')
  const t = await getTranslations('referrals')
  const here = `/referrals/${code}`
  return (
    <>
      <PageHeader
        title={t('decline.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
        facts={<bdi>{fromAgencyName}</bdi>}
      />
      <ActionForm
        action={declineAction}
        initial={await initialForm({}, `${here}/decline`)}
        submit={t('decline.submit')}
        cancel={{ href: here }}
        hidden={{ referral: code }}
        footer={<p className="text-note text-ink-2">{t('decline.readers')}</p>}
      >
        <RadioRows
          name="declineReason"
          label={t('decline.reason')}
          choices={DECLINE_REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        />
        <TextArea
          name="text"
          label={t('decline.text')}
          hint={t('decline.text_hint')}
          optional
          maxLength={1000}
          rows={3}
        />
      </ActionForm>
    </>
  )
}
