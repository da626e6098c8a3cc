import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { ComplaintAnswerText } from '@/components/complaints/complaint-answer'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { receiptCounters } from '@/lib/auth/counters'
import { requestOrigin } from '@/lib/auth/request-origin'
import { readComplaintAnswer } from '@/lib/oversight/complaints/filing-service'

type Props = PageProps<'/complaints/[receipt]'>

export const generateMetadata = titleOrMissing(ReceiptPage, async () => {
  const t = await getTranslations('complaints')
  return { title: t('receipt.page_title') }
})

export default orMissing(ReceiptPage)

/** How a complaint stands, for whoever has its code: nothing of what was told. */
async function ReceiptPage({ params }: Props) {
  const { networkPrefix } = await requestOrigin()
  const found = await readComplaintAnswer((await params).receipt, receiptCounters(networkPrefix))
  const t = await getTranslations('complaints')
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    return (
      <>
        <PageHeader title={t('receipt.title')} />
        <Notice tone="warn" icon="hourglass">
          {t('errors.wait')}
        </Notice>
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('receipt.title')} facts={<Code code={found.value.code} />} />
      <ComplaintAnswerText answer={found.value} />
      <div className="measure mt-8">
        <Notice icon="info">{t('receipt.keep')}</Notice>
      </div>
    </>
  )
}
