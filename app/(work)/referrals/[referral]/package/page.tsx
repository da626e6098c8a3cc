import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Disclosed } from '@/components/referrals/disclosed'
import { Code } from '@/components/ui/code'
import { Icon } from '@/components/ui/icon'
import { PageHeader } from '@/components/ui/page-header'
import { WhileOpen } from '@/components/ui/while-open'
import { requireActor } from '@/lib/auth/require-actor'
import { isIdentifying } from '@/lib/referrals/rules'
import { readPackage } from '@/lib/referrals/service'
import { codeIn } from '../referral-metadata'

type Props = PageProps<'/referrals/[referral]/package'>

export const generateMetadata = titleOrMissing(PackagePage, async (props: Props) => {
  const t = await getTranslations('referrals.package')
  return { title: t('page_title', { code: await codeIn(props) }) }
})

export default orMissing(PackagePage)

/** What was shared, while something living covers it. Each opening of the page is a look on the log. */
async function PackagePage({ params }: Props) {
  const found = await readPackage(await requireActor(), { referral: (await params).referral })
  if (!found.ok) notFound()
  const { code, fields } = found.value
  const t = await getTranslations('referrals')
  const rules = fields.filter(({ field }) => field === 'contact.rules')
  const identity = fields.filter(({ field }) => isIdentifying(field) && field !== 'contact.rules')
  const rest = fields.filter(({ field }) => !isIdentifying(field))
  return (
    <>
      <PageHeader
        title={t('package.title')}
        crumbs={[
          { label: t('title'), href: '/referrals' },
          { label: <Code code={code} />, href: `/referrals/${code}` },
        ]}
        facts={t('package.recorded')}
      />
      <WhileOpen ask={`/api/referrals/${code}/package`} after={`/referrals/${code}`}>
        {rules.length === 0 ? null : <Disclosed fields={rules} />}
        {identity.length === 0 ? null : (
          <section className="my-6 border-s-4 border-private-edge bg-private-soft px-3 py-2">
            <h2 className="flex items-center gap-2 font-semibold text-private-ink">
              <Icon name="lock-keyhole" size="sm" />
              {t('package.identity')}
            </h2>
            <Disclosed fields={identity} />
          </section>
        )}
        <Disclosed fields={rest} />
      </WhileOpen>
    </>
  )
}
