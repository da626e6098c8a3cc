import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { initialForm } from '@/lib/forms/initial-form'
import { withdrawAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/withdraw'>

export const generateMetadata = titleOrMissing(WithdrawPage, async (props: Props) => {
  const t = await getTranslations('referrals.withdraw')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(WithdrawPage)

/** Asks once more before a referral is withdrawn. */
async function WithdrawPage(props: Props) {
  const { code, kind, state, toAgencyName } = await referralFor(props, 'withdraw')
  const isLed = kind === 'transfer' && state === 'in_service'
  const t = await getTranslations('referrals')
  const here = `/referrals/${code}`
  return (
    <>
      <PageHeader
        title={t(isLed ? 'transfer.take_back_title' : 'withdraw.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: here },
        ]}
      />
      <Confirmation
        will={[
          t('withdraw.will_shut', { agency: toAgencyName }),
          t('withdraw.will_tell'),
          t(isLed ? 'transfer.take_back_will' : kind === 'transfer' ? 'withdraw.will_stay' : 'withdraw.will_open'),
        ]}
        cannotUndo={[t('withdraw.cannot')]}
      >
        <ActionForm
          action={withdrawAction}
          initial={await initialForm({}, `${here}/withdraw`)}
          submit={t(isLed ? 'act.take_back' : 'act.withdraw')}
          tone="stop"
          cancel={{ href: here, label: t('withdraw.keep') }}
          cancelFirst
          hidden={{ referral: code }}
        />
      </Confirmation>
    </>
  )
}
