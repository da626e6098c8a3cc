import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { PageHeader } from '@/components/ui/page-header'
import type { CaseView } from '@/lib/cases/schema'

type CaseFormPageProps = {
  readonly shown: Pick<CaseView, 'code' | 'person'>
  readonly title: string
  readonly intro?: ReactNode
  readonly children: ReactNode
}

/** A page that asks something about one case: where it belongs, its title, its form. */
export async function CaseFormPage({ shown, title, intro, children }: CaseFormPageProps) {
  const t = await getTranslations('cases')
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[
          { label: t('title'), href: '/cases' },
          { label: <Code code={shown.person} />, href: `/cases/${shown.code}` },
        ]}
        {...(intro === undefined ? {} : { facts: <span className="measure">{intro}</span> })}
      />
      {children}
    </>
  )
}
