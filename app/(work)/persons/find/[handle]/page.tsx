import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { FindForm } from '@/components/people/find-form'
import { PersonHits } from '@/components/people/person-hits'
import { SharedHits } from '@/components/people/shared-hits'
import { LinkButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { searchByHandle } from '@/lib/people/search-service'
import { findPersonAction } from '../actions'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('persons.find')
  return { title: t('results_title') }
}

/** What a search found, and, only after it, the way to register someone new. */
export default async function FoundPersonsPage({ params }: PageProps<'/persons/find/[handle]'>) {
  const { handle } = await params
  const found = await searchByHandle(await requireActor(), handle)
  if (!found.ok) redirect('/persons/find')
  const t = await getTranslations('persons.find')
  const { hits, shared, more, query } = found.value
  return (
    <>
      <PageHeader
        title={t('count', { count: hits.length })}
        crumbs={[{ label: t('title'), href: '/persons/find' }]}
        primary={
          <LinkButton
            href={`/persons/new?search=${handle}`}
            tone={hits.length === 0 ? 'primary' : 'secondary'}
            icon="plus"
          >
            {t('register')}
          </LinkButton>
        }
      />
      <div className="grid gap-8">
        <div className="grid gap-3">
          <PersonHits hits={hits} />
          {more ? <Notice tone="info">{t('more')}</Notice> : null}
        </div>
        {shared.length === 0 ? null : (
          <Section title={t('shared')}>
            <p className="measure mb-3 text-ink-2">{t('shared_help')}</p>
            <SharedHits hits={shared} />
          </Section>
        )}
        <Section title={t('again')}>
          <FindForm action={findPersonAction} initial={await initialForm({ query })} />
        </Section>
      </div>
    </>
  )
}
