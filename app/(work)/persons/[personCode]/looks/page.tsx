import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LookTable } from '@/components/people/look-table'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { listLooksAt } from '@/lib/people/looks-service'
import { parseCode } from '@/lib/platform/ids'

export const generateMetadata = titleOrMissing(
  LooksPage,
  async ({ params }: PageProps<'/persons/[personCode]/looks'>) => {
    const t = await getTranslations('persons.looks')
    const code = parseCode((await params).personCode, 'AMP')
    return code === null ? {} : { title: t('page_title', { code }) }
  },
)

export default orMissing(LooksPage)

/** Who looked at this person and who changed what; off the team it is not there. */
async function LooksPage({ params, searchParams }: PageProps<'/persons/[personCode]/looks'>) {
  const actor = await requireActor()
  const code = parseCode((await params).personCode, 'AMP')
  const { before } = await searchParams
  if (code === null) notFound()
  const found = await listLooksAt(actor, { person: code, ...(typeof before === 'string' ? { before } : {}) })
  if (!found.ok) notFound()
  const t = await getTranslations('persons')
  const printed = await getTranslations('audit.who_looked')
  const here = `/persons/${code}`
  const { items, next } = found.value
  return (
    <>
      <PageHeader
        title={t('looks.title')}
        secondary={<LinkButton href={`${here}/looks/print`}>{printed('for_person')}</LinkButton>}
        crumbs={[
          { label: t('find.title'), href: '/persons/find' },
          { label: <Code code={code} />, href: here },
        ]}
      />
      <LookTable looks={items} later={next === null ? undefined : `${here}/looks?before=${next}`} />
    </>
  )
}
