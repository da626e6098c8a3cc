import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { Metadata } from 'next'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import type { PersonView } from '@/lib/people/schema'
import { viewPerson } from '@/lib/people/service'
import { parseCode } from '@/lib/platform/ids'

export type EditParams = { readonly params: Promise<{ readonly personCode: string }> }

/** The person whom a section's form is about; off the team the form is not there. */
export async function personToEdit({ params }: EditParams): Promise<PersonView> {
  const found = await viewPerson(await requireActor(), { person: (await params).personCode })
  if (!found.ok || found.value.profile === null) notFound()
  return found.value
}

export async function editMetadata({ params }: EditParams): Promise<Metadata> {
  const t = await getTranslations('persons.edit')
  const code = parseCode((await params).personCode, 'AMP')
  return code === null ? {} : { title: t('page_title', { code }) }
}

export async function EditHeader({ code, title }: { readonly code: string; readonly title: string }) {
  const t = await getTranslations('persons')
  return (
    <PageHeader
      title={title}
      crumbs={[
        { label: t('find.title'), href: '/persons/find' },
        { label: <Code code={code} />, href: `/persons/${code}` },
      ]}
    />
  )
}
