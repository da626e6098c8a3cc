import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ContactTable } from '@/components/assistance/contact-table'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { listContactsInput } from '@/lib/assistance/contacts/schema'
import { listContacts } from '@/lib/assistance/contacts/service'
import { requireActor } from '@/lib/auth/require-actor'
import { viewCaseFrame } from '@/lib/cases/overview-service'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { addressOf, pick } from '../../../services/address'

export const generateMetadata = titleOrMissing(
  ContactsPage,
  async ({ params }: PageProps<'/cases/[code]/contacts'>) => {
    const t = await getTranslations('assistance.contact.list')
    const code = parseCode((await params).code, 'CAS')
    return code === null ? {} : { title: t('case_page_title', { code }) }
  },
)

export default orMissing(ContactsPage)

/** The contact log of a case, for its team. */
async function ContactsPage({ params, searchParams }: PageProps<'/cases/[code]/contacts'>) {
  const actor = await requireActor()
  const frame = await viewCaseFrame(actor, { case: (await params).code })
  if (!frame.ok) notFound()
  const { code, may } = frame.value.case
  const path = `/cases/${code}/contacts`
  const asked = pick(await searchParams, ['cursor'])
  const input = listContactsInput.safeParse({ case: code, ...asked })
  const found = input.success ? await listContacts(actor, input.data) : null
  if (found?.ok !== true) redirect(asked.cursor === undefined ? `/cases/${code}` : path)
  const t = await getTranslations('assistance.contact.list')
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('new')}
    </LinkButton>
  ) : undefined
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { cursor }))
  return (
    <CaseFrame view={frame.value} current="contacts" reveal={revealIdentityAction} primary={act}>
      <ContactTable
        contacts={found.value.items}
        pages={{ earlier: at(found.value.previousCursor), later: at(found.value.nextCursor) }}
        empty={
          <EmptyState title={t('empty')} act={act}>
            {t('empty_help')}
          </EmptyState>
        }
      />
    </CaseFrame>
  )
}
