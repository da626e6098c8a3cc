import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { Code } from '@/components/ui/code'
import { DataTable, type Column } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { RecordLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { listInbox } from '@/lib/notifications/inbox-service'
import { listInboxInput, nameOfKind, type InboxView, type NoticeView } from '@/lib/notifications/schema'
import { openNoticeAction, readAllAction } from './actions'

export const generateMetadata = titleOrMissing(InboxPage, async () => {
  const t = await getTranslations('notifications.inbox')
  return { title: t('page_title') }
})

export default orMissing(InboxPage)

/** What one was told, the last first: by code, and in words that may be seen over a shoulder. */
async function InboxPage({ searchParams }: PageProps<'/inbox'>) {
  const asked = listInboxInput.safeParse(await searchParams)
  const found = await listInbox(await requireActor(), asked.success ? asked.data : {})
  if (!found.ok) redirect('/inbox')
  const { items, unread, earlierCursor, nextCursor } = found.value
  const t = await getTranslations('notifications.inbox')
  return (
    <>
      <PageHeader title={t('title')} primary={<LinkButton href="/profile/notices">{t('preferences')}</LinkButton>} />
      {unread > 0 ? <ReadAll list={found.value} /> : null}
      <DataTable
        caption={t('caption', { unread })}
        columns={await columns()}
        rows={items}
        rowKey={({ id }) => id}
        rowTone={({ isRead, urgent }) => (isRead ? undefined : urgent ? 'stop' : 'info')}
        pages={{ earlier: pageLink(earlierCursor), later: pageLink(nextCursor) }}
        empty={<EmptyState title={t('empty')}>{t('empty_help')}</EmptyState>}
      />
    </>
  )
}

/** Up to the newest that is shown: what came while the page was open stays unread. */
async function ReadAll({ list }: { readonly list: InboxView }) {
  const t = await getTranslations('notifications.inbox')
  const newest = list.items[0]?.at
  if (newest === undefined || list.earlierCursor !== null) return null
  return (
    <div className="mb-6">
      <ActionForm
        action={readAllAction}
        initial={await initialForm()}
        submit={t('read_all')}
        label={t('read_all')}
        tone="secondary"
        hidden={{ until: newest }}
      />
    </div>
  )
}

async function columns(): Promise<readonly Column<NoticeView>[]> {
  const t = await getTranslations('notifications')
  const format = await getFormat()
  const initial = await initialForm()
  return [
    {
      key: 'what',
      head: t('inbox.what'),
      cell: ({ kind, isRead, urgent }) => (
        <span className="flex flex-wrap items-center gap-2">
          <span className={isRead ? '' : 'font-semibold'}>{t(`kinds.${nameOfKind(kind)}`)}</span>
          {urgent ? <Pill tone="stop">{t('inbox.urgent')}</Pill> : null}
          {isRead ? null : <Pill tone="info">{t('inbox.new')}</Pill>}
        </span>
      ),
    },
    {
      key: 'subject',
      head: t('inbox.subject'),
      cell: ({ subject, href }) =>
        subject === null ? null : href === null ? (
          <Code code={subject} />
        ) : (
          <RecordLink href={href}>
            <Code code={subject} />
          </RecordLink>
        ),
    },
    { key: 'at', head: t('inbox.at'), cell: ({ at }) => format.moment(new Date(at)) },
    {
      key: 'act',
      head: <span className="unseen">{t('inbox.acts')}</span>,
      showHeadOnCard: false,
      cell: (notice) =>
        notice.isRead ? null : (
          <ActionForm
            action={openNoticeAction}
            initial={{ ...initial, key: notice.id }}
            submit={t(notice.href === null ? 'inbox.mark_read' : 'inbox.open')}
            label={t('inbox.open_which', {
              what: t(`kinds.${nameOfKind(notice.kind)}`),
              code: notice.subject ?? format.moment(new Date(notice.at)),
            })}
            tone="secondary"
            hidden={{ notice: notice.id }}
          />
        ),
    },
  ]
}

function pageLink(cursor: string | null): string | undefined {
  return cursor === null ? undefined : `/inbox?cursor=${cursor}`
}
