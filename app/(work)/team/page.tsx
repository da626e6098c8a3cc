import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { LoadTable } from '@/components/cases/team-load'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { AbsenceTable, CoverTable } from '@/components/staffing/staffing-tables'
import { LinkButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { viewStaffing } from '@/lib/cases/staffing-service'
import { requireActor } from '@/lib/auth/require-actor'

export const generateMetadata = titleOrMissing(TeamPage, async () => {
  const t = await getTranslations('staffing')
  return { title: t('page_title') }
})

export default orMissing(TeamPage)

/** A supervisor keeps the unit staffed: who covers, who is away, what waits for a new team, what each carries. */
async function TeamPage() {
  const found = await viewStaffing(await requireActor())
  if (!found.ok) notFound()
  const { load, covers, absences, waiting } = found.value
  const t = await getTranslations('staffing')
  return (
    <>
      <PageHeader
        title={t('title')}
        primary={
          <LinkButton href="/team/cover/new" tone="primary" icon="plus">
            {t('cover.set')}
          </LinkButton>
        }
        secondary={<LinkButton href="/team/absence/new">{t('absence.set')}</LinkButton>}
      />
      {waiting === 0 ? null : (
        <div className="mb-8">
          <Notice tone="warn" icon="users" act={<LinkButton href="/team/hand-over">{t('give_out')}</LinkButton>}>
            {t('waiting', { count: waiting })}
          </Notice>
        </div>
      )}
      <Section title={t('cover.title')}>
        <CoverTable covers={covers} />
      </Section>
      <Section title={t('absence.title')}>
        <AbsenceTable absences={absences} empty={t('absence.none')} />
      </Section>
      <LoadTable load={load} />
    </>
  )
}
