import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Confirmation } from '@/components/ui/confirmation'
import { ActionForm } from '@/components/ui/form'
import { PageHeader } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { viewListedService } from '@/lib/directory/service'
import { initialForm } from '@/lib/forms/initial-form'
import { endListedServiceAction } from '../../../actions'

type Props = PageProps<'/directory/own/[listed]/end'>

export const generateMetadata = titleOrMissing(EndEntryPage, async () => {
  const t = await getTranslations('directory.ending')
  return { title: t('page_title') }
})

export default orMissing(EndEntryPage)

/** Asks once more before an entry ends for good. */
async function EndEntryPage({ params }: Props) {
  const actor = await requireActorWho('directory:keep')
  const found = await viewListedService(actor, { service: (await params).listed })
  if (!found.ok || !found.value.may.change) notFound()
  const { code, name, agency, version } = found.value
  const t = await getTranslations('directory')
  const here = `/directory/${agency}/${code}`
  return (
    <>
      <PageHeader
        title={t('ending.title')}
        facts={<bdi>{name}</bdi>}
        crumbs={[
          { label: t('own.title'), href: '/directory/own' },
          { label: <bdi>{name}</bdi>, href: here },
        ]}
      />
      <Confirmation will={[t('ending.will_go'), t('ending.will_stay')]} cannotUndo={[t('ending.cannot')]}>
        <ActionForm
          action={endListedServiceAction}
          initial={await initialForm({}, `/directory/own/${code}/end`)}
          submit={t('ending.submit')}
          tone="stop"
          cancel={{ href: here, label: t('ending.keep') }}
          cancelFirst
          hidden={{ service: code, version: String(version) }}
        />
      </Confirmation>
    </>
  )
}
