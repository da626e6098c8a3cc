import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { LogPage } from '@/components/audit/log-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { logFilters } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { requireActorWho } from '@/lib/auth/require-actor'

const HERE = '/desk/log'

export const generateMetadata = titleOrMissing(ReferralLogPage, async () => {
  const t = await getTranslations('audit.log')
  return { title: t('title_referrals') }
})

export default orMissing(ReferralLogPage)

/** What happened to the network's referrals once they were sent, for its coordinator: codes and agencies. */
async function ReferralLogPage({ searchParams }: PageProps<'/desk/log'>) {
  const actor = await requireActorWho('log:read-referrals')
  const query = Object.fromEntries(Object.entries(await searchParams).filter(([, value]) => value !== ''))
  const parsed = logFilters.safeParse(query)
  const asked = parsed.success ? parsed.data : {}
  const found = await listAuditEvents(actor, { ...asked, scope: 'referrals' })
  if (!found.ok) {
    if (found.refusal === 'invalid') redirect(HERE)
    notFound()
  }
  return <LogPage log={{ ...found.value, scopes: ['referrals'] }} address={HERE} asked={asked} />
}
