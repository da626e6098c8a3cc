import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { typeNames } from '@/components/assistance/category-choices'
import { CheckRows } from '@/components/ui/choices'
import { Code } from '@/components/ui/code'
import { DateField } from '@/components/ui/date-field'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { initialForm } from '@/lib/forms/initial-form'
import { acceptAction } from '../../actions'
import { codeIn, referralFor } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/accept'>

export const generateMetadata = titleOrMissing(AcceptPage, async (props: Props) => {
  const t = await getTranslations('referrals.accept')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(AcceptPage)

/** Which of the needs an agency takes on, and from when. */
async function AcceptPage(props: Props) {
  const referral = await referralFor(props, 'accept')
  const t = await getTranslations('referrals')
  const name = await typeNames()
  const here = `/referrals/${referral.code}`
  const needs = referral.needs.map(({ number, category, type }) => ({
    value: String(number),
    label: name(category, type),
  }))
  return (
    <>
      <PageHeader
        title={t('accept.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={referral.code} />, href: here },
        ]}
        facts={<bdi>{referral.fromAgencyName}</bdi>}
      />
      <p className="measure mb-6">{t(referral.kind === 'transfer' ? 'transfer.accept_intro' : 'accept.intro')}</p>
      <ActionForm
        action={acceptAction}
        initial={await initialForm({ needs: needs.map(({ value }) => value) }, `${here}/accept`)}
        submit={t('accept.submit')}
        cancel={{ href: here }}
        hidden={{ referral: referral.code }}
      >
        {needs.length === 0 ? null : <CheckRows name="needs" label={t('accept.needs')} choices={needs} />}
        <DateField name="startsOn" label={t('accept.starts')} hint={t('accept.starts_hint')} optional calendar />
      </ActionForm>
    </>
  )
}
