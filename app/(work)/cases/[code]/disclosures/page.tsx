import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { DisclosureTable } from '@/components/consent/disclosure-table'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { requireActor } from '@/lib/auth/require-actor'
import { listDisclosuresInput } from '@/lib/consent/sharing/schema'
import { listDisclosures } from '@/lib/consent/sharing/service'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { addressOf, pick } from '../../../services/address'
import { caseMetadata } from '../case-metadata'

type Props = PageProps<'/cases/[code]/disclosures'>

export const generateMetadata = titleOrMissing(DisclosuresPage, async ({ params }: Props) => {
  const t = await getTranslations('disclosures')
  return caseMetadata(params, t('title'))
})

export default orMissing(DisclosuresPage)

/** The ledger: each thing that left the agency about this person. Nobody can add to it, change it, or take from it by hand. */
async function DisclosuresPage({ params, searchParams }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/disclosures`
  const asked = pick(await searchParams, ['cursor'])
  const input = listDisclosuresInput.safeParse({ case: code, ...asked })
  if (!input.success) redirect(path)
  const found = await listDisclosures(await requireActor(), input.data)
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(asked.cursor === undefined ? `/cases/${code}` : path)
  }
  const { frame, items, nextCursor, previousCursor } = found.value
  const t = await getTranslations('disclosures')
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { cursor }))
  return (
    <CaseFrame
      view={frame}
      current="consents"
      reveal={revealIdentityAction}
      primary={<LinkButton href={`/cases/${code}/consents`}>{t('all_consents')}</LinkButton>}
    >
      <h2 className="mb-2 text-head font-semibold">{t('title')}</h2>
      <p className="measure mb-4 text-ink-2">{t('intro')}</p>
      <DisclosureTable lines={items} caseCode={code} pages={{ earlier: at(previousCursor), later: at(nextCursor) }} />
    </CaseFrame>
  )
}
