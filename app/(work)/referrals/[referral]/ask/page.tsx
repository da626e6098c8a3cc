import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { TextArea } from '@/components/ui/text-area'
import { initialForm } from '@/lib/forms/initial-form'
import { askAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/ask'>

export const generateMetadata = titleOrMissing(AskPage, async (props: Props) => {
  const t = await getTranslations('referrals.ask')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(AskPage)

/** A question to the sender, without identity; the clock stands still until it is answered. */
async function AskPage(props: Props) {
  const { code, fromAgencyName } = await referralFor(props, 'request-info')
  const t = await getTranslations('referrals')
  const here = `/referrals/${code}`
  return (
    <>
      <PageHeader
        title={t('ask.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
        facts={<bdi>{fromAgencyName}</bdi>}
      />
      <p className="measure mb-6">{t('ask.intro')}</p>
      <ActionForm
        action={askAction}
        initial={await initialForm({}, `${here}/ask`)}
        submit={t('ask.submit')}
        cancel={{ href: here }}
        hidden={{ referral: code }}
      >
        <TextArea name="question" label={t('ask.question')} maxLength={1000} />
      </ActionForm>
    </>
  )
}
