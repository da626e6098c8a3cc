import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { EmptyState } from '@/components/ui/empty-state'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader } from '@/components/ui/page-header'
import { TextInput } from '@/components/ui/text-input'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import type { SavedView } from '@/lib/oversight/views/schema'
import { listViews } from '@/lib/oversight/views/service'
import { dropViewAction, renameViewAction } from '../actions'
import { logAddress } from '../log-address'

export const generateMetadata = titleOrMissing(ViewsPage, async () => {
  const t = await getTranslations('oversight.views')
  return { title: t('page_title') }
})

export default orMissing(ViewsPage)

/** The member's own views of the log, to rename and to remove. */
async function ViewsPage() {
  const found = await listViews(await requireActorWho('log:read-network'))
  if (!found.ok) notFound()
  const t = await getTranslations('oversight.views')
  const log = await getTranslations('oversight.log')
  return (
    <>
      <PageHeader
        title={t('title')}
        crumbs={[{ label: log('title'), href: '/oversight/log' }]}
        facts={<span className="measure">{t('intro')}</span>}
      />
      {found.value.items.length === 0 ? (
        <EmptyState title={t('none')}>{t('none_hint')}</EmptyState>
      ) : (
        <ul className="grid max-w-2xl gap-6">
          {found.value.items.map((view) => (
            <ViewItem key={view.id} view={view} />
          ))}
        </ul>
      )}
    </>
  )
}

async function ViewItem({ view: { id, name, filters } }: { readonly view: SavedView }) {
  const t = await getTranslations('oversight.views')
  return (
    <li className="grid gap-3 border-b border-line pb-6">
      <AppLink href={logAddress(filters)} className="font-semibold text-action-ink underline">
        <bdi>{name}</bdi>
      </AppLink>
      <ActionForm
        action={renameViewAction}
        initial={await initialForm({ name })}
        submit={t('rename')}
        tone="secondary"
        hidden={{ id }}
        label={t('rename_which', { name })}
      >
        <TextInput name="name" label={t('name')} maxLength={60} />
      </ActionForm>
      <ActionForm
        action={dropViewAction}
        initial={await initialForm()}
        submit={t('drop')}
        tone="secondary"
        hidden={{ id }}
        label={t('drop_which', { name })}
      />
    </li>
  )
}
