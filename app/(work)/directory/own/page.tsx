import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { typeNames } from '@/components/assistance/category-choices'
import { CategoryTile } from '@/components/assistance/category-tile'
import { RoomState } from '@/components/directory/room-state'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { holds } from '@/lib/access/permissions'
import { requireActorWho } from '@/lib/auth/require-actor'
import { listOwnEntry } from '@/lib/directory/service'

export const generateMetadata = titleOrMissing(OwnEntryPage, async () => {
  const t = await getTranslations('directory.own')
  return { title: t('page_title') }
})

export default orMissing(OwnEntryPage)

/** What the agency lists, for those who keep it and those who answer for it. */
async function OwnEntryPage() {
  const actor = await requireActorWho('room:update')
  const found = await listOwnEntry(actor)
  if (!found.ok) notFound()
  const t = await getTranslations('directory')
  const name = await typeNames()
  const mayKeep = holds(actor, 'directory:keep')
  return (
    <>
      <PageHeader
        title={t('own.title')}
        crumbs={[{ label: t('title'), href: '/directory' }]}
        {...(mayKeep
          ? {
              primary: (
                <LinkButton href="/directory/own/new" tone="primary" icon="plus">
                  {t('own.add')}
                </LinkButton>
              ),
            }
          : {})}
      />
      <p className="measure mb-4">{t(mayKeep ? 'own.intro' : 'own.intro_reader')}</p>
      <DataTable
        caption={t('own.caption', { count: found.value.length })}
        rows={found.value}
        rowKey={({ code }) => code}
        rowTone={({ receivers, standIns, status }) =>
          status !== 'ended' && receivers + standIns === 0 ? 'warn' : undefined
        }
        columns={[
          {
            key: 'service',
            head: t('service'),
            cell: ({ agency, code, name: called }) => (
              <AppLink href={`/directory/${agency}/${code}`} className="font-semibold text-action-ink underline">
                <bdi>{called}</bdi>
              </AppLink>
            ),
          },
          {
            key: 'kind',
            head: t('category'),
            showHeadOnCard: false,
            cell: ({ category, type }) => <CategoryTile category={category} label={name(category, type)} />,
          },
          { key: 'room', head: t('room'), cell: (service) => <RoomState service={service} /> },
          {
            key: 'answers',
            head: t('receivers'),
            cell: ({ receivers, standIns }) =>
              receivers + standIns === 0
                ? t('own.nobody')
                : [
                    t('receivers_count', { count: receivers }),
                    ...(standIns === 0 ? [] : [t('stand_ins_count', { count: standIns })]),
                  ].join(', '),
          },
          {
            key: 'state',
            head: t('own.state'),
            showHeadOnCard: false,
            cell: ({ status }) => (
              <Pill tone={status === 'active' ? 'go' : status === 'paused' ? 'warn' : 'calm'}>
                {t(`status.${status}`)}
              </Pill>
            ),
          },
        ]}
        empty={<EmptyState title={t('own.empty')}>{t('own.empty_help')}</EmptyState>}
      />
    </>
  )
}
