import { getTranslations } from 'next-intl/server'
import { notFound, redirect } from 'next/navigation'
import { LogPage } from '@/components/audit/log-page'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { logFilters } from '@/lib/audit/log/schema'
import { listAuditEvents } from '@/lib/audit/log/service'
import { requireActor } from '@/lib/auth/require-actor'

const HERE = '/admin/account-log'

export const generateMetadata = titleOrMissing(AccountLogPage, async () => {
  const t = await getTranslations('audit.log')
  return { title: t('title_accounts') }
})

export default orMissing(AccountLogPage)

/** What happened to accounts: sign-ins, members, tokens, settings. No record of a person. */
async function AccountLogPage({ searchParams }: PageProps<'/admin/account-log'>) {
  const actor = await requireActor()
  const parsed = logFilters.safeParse(withoutEmpty(await searchParams))
  const asked = { ...(parsed.success ? parsed.data : {}), scope: 'accounts' as const }
  const found = await listAuditEvents(actor, asked)
  if (!found.ok) {
    if (found.refusal === 'invalid') redirect(HERE)
    notFound()
  }
  const t = await getTranslations('audit.log')
  return (
    <LogPage
      log={{ ...found.value, scopes: ['accounts'] }}
      address={HERE}
      asked={asked}
      secondary={
        <LinkButton href="/admin/seal" icon="shield">
          {t('seal')}
        </LinkButton>
      }
    />
  )
}

function withoutEmpty(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}
