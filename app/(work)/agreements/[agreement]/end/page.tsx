import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { viewAgreement } from '@/lib/agencies/agreements/service'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { endAgreementAction } from '../../actions'

type Props = PageProps<'/agreements/[agreement]/end'>

export const generateMetadata = titleOrMissing(EndAgreementPage, async ({ params }: Props) => {
  const t = await getTranslations('agreements.end')
  return { title: t('page_title', { code: (await params).agreement }) }
})

export default orMissing(EndAgreementPage)

/** Asks once more before an agency declines an agreement or leaves it. */
async function EndAgreementPage({ params }: Props) {
  const actor = await requireActorWho('agreement:sign')
  const found = await viewAgreement(actor, { agreement: (await params).agreement })
  if (!found.ok || !found.value.may.end) notFound()
  const { code, document, state, own, version, parties } = found.value
  const t = await getTranslations('agreements')
  const here = `/agreements/${code}`
  const act = state === 'proposed' ? (own === 'signed' ? 'withdraw' : 'decline') : 'leave'
  const remaining = parties.filter(({ leftAt }) => leftAt === null).length - 1
  return (
    <>
      <PageHeader
        title={t(`end.${act}_title`)}
        facts={<bdi>{document}</bdi>}
        crumbs={[
          { label: t('title'), href: '/agreements' },
          { label: document, href: here },
        ]}
      />
      <Confirmation
        will={
          act === 'leave'
            ? [t('end.will_stop'), remaining < 2 ? t('end.will_end') : t('end.will_stay'), t('end.will_tell')]
            : [t('end.will_drop'), t('end.will_tell_signers')]
        }
        cannotUndo={[t('end.new_one')]}
      >
        <ActionForm
          action={endAgreementAction}
          initial={await initialForm({}, `${here}/end`)}
          submit={t(act)}
          tone="stop"
          cancel={{ href: here, label: t('end.keep') }}
          cancelFirst
          hidden={{ agreement: code, version: String(version) }}
        />
      </Confirmation>
    </>
  )
}
