import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Interruption } from '@/components/ui/confirmation'
import { requireActor } from '@/lib/auth/require-actor'
import { prepareException } from '@/lib/consent/exceptions/service'
import { caseMetadata } from '../../case-metadata'

type Props = PageProps<'/cases/[code]/sharing/without-consent'>

export const generateMetadata = titleOrMissing(WithoutConsentPage, async ({ params }: Props) => {
  const t = await getTranslations('exceptions')
  return caseMetadata(params, t('make'))
})

export default orMissing(WithoutConsentPage)

/** Stops before something goes against, or without, the person's word. */
async function WithoutConsentPage({ params }: Props) {
  const { code } = await params
  const found = await prepareException(await requireActor(), { case: code })
  if (!found.ok && found.refusal === 'not_found') notFound()
  if (!found.ok) redirect(`/cases/${code}`)
  const here = `/cases/${found.value.case}`
  const t = await getTranslations('exceptions.stop')
  return (
    <Interruption
      title={t('title')}
      lines={[t('ask_first'), t('only_three'), t('told')]}
      back={<LinkButton href={`${here}/consents/new`}>{t('back')}</LinkButton>}
      goOn={
        <LinkButton href={`${here}/sharing/without-consent/new`} tone="stop">
          {t('go_on')}
        </LinkButton>
      }
    />
  )
}
