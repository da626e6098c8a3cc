import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { LogPage } from '@/components/audit/log-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { logFilters, type LogScope } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { requireActor } from '@/lib/auth/require-actor'

const HERE = '/log'

export const generateMetadata = titleOrMissing(AgencyLogPage, async () => {
  const t = await getTranslations('audit.log')
  return { title: t('page_title') }
})

export default orMissing(AgencyLogPage)

/** The agency's log for a supervisor; for a caseworker, that of the cases they are on. */
async function AgencyLogPage({ searchParams }: PageProps<'/log'>) {
  const actor = await requireActor()
  const query = Object.fromEntries(Object.entries(await searchParams).filter(([, value]) => value !== ''))
  const parsed = logFilters.safeParse(query)
  const asked = parsed.success ? parsed.data : {}
  const found = await listAuditEvents(actor, asked)
  if (!found.ok) {
    if (found.refusal === 'invalid') redirect(HERE)
    notFound()
  }
  const here: readonly LogScope[] = ['agency', 'cases']
  const scopes = found.value.scopes.filter((scope) => here.includes(scope))
  if (!here.includes(found.value.scope)) notFound()
  return <LogPage log={{ ...found.value, scopes }} address={HERE} asked={asked} />
}
