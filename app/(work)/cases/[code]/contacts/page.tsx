import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ContactTable } from '@/components/assistance/contact-table'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { viewCaseContacts } from '@/lib/assistance/case-pages-service'
import { listContactsInput } from '@/lib/assistance/contacts/schema'
import { requireActor } from '@/lib/auth/require-actor'
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
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/contacts`
  const asked = pick(await searchParams, ['cursor'])
  const input = listContactsInput.safeParse({ case: code, ...asked })
  if (!input.success) redirect(path)
  const found = await viewCaseContacts(actor, input.data)
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(asked.cursor === undefined ? `/cases/${code}` : path)
  }
  const { frame, list } = found.value
  const { may } = frame.case
  const t = await getTranslations('assistance.contact.list')
  const act = may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('new')}
    </LinkButton>
  ) : undefined
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { cursor }))
  return (
    <CaseFrame view={frame} current="contacts" reveal={revealIdentityAction} primary={act}>
      <ContactTable
        contacts={list.items}
        pages={{ earlier: at(list.previousCursor), later: at(list.nextCursor) }}
        empty={
          <EmptyState title={t('empty')} act={act}>
            {t('empty_help')}
          </EmptyState>
        }
      />
    </CaseFrame>
  )
}
