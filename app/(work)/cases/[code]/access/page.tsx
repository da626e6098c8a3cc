import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { LogTable } from '@/components/cases/log-table'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Code } from '@/components/ui/code'
import { RecordLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { getFormat } from '@/lib/i18n/get-format'
import { caseLogInput } from '@/lib/cases/log-schema'
import { listCaseLog } from '@/lib/cases/log-service'
import type { AccessView } from '@/lib/cases/access-schema'
import { viewCaseAccess } from '@/lib/cases/team-service'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { caseMetadata } from '../case-metadata'

export const generateMetadata = titleOrMissing(AccessPage, async ({ params }: PageProps<'/cases/[code]/access'>) => {
  const t = await getTranslations('cases.access')
  return caseMetadata(params, t('title'))
})

export default orMissing(AccessPage)

/** Who can see the case, by the rule that reading it obeys; who looked, who changed. */
async function AccessPage({ params, searchParams }: PageProps<'/cases/[code]/access'>) {
  const { code } = await params
  const actor = await requireActor()
  const found = await viewCaseAccess(actor, { case: code })
  if (!found.ok) {
    if (found.refusal === 'forbidden') redirect(`/cases/${code}`)
    notFound()
  }
  const here = `/cases/${found.value.frame.case.code}/access`
  const asked = caseLogInput.safeParse({ ...(await searchParams), case: code })
  const kind = asked.success ? (asked.data.kind ?? 'looks') : 'looks'
  const log = await listCaseLog(actor, { ...(asked.success ? asked.data : { case: code }), kind })
  if (!log.ok) redirect(here)
  const t = await getTranslations('cases.access')
  return (
    <CaseFrame view={found.value.frame} current="access" reveal={revealIdentityAction}>
      <Readers view={found.value} />
      <Section id="log" title={t('looks')}>
        <LogTable log={log.value} kind={kind} address={here} />
      </Section>
    </CaseFrame>
  )
}

async function Readers({ view }: { readonly view: AccessView }) {
  const t = await getTranslations('cases.access')
  const format = await getFormat()
  return (
    <>
      <Section title={t('reads')}>
        <p className="mb-2 text-note text-ink-2">{t('intro')}</p>
        <ul className="border-t border-line">
          {view.audience.map(({ handle, name, reason, until }) => (
            <li key={handle} className="flex flex-wrap gap-x-3 border-b border-line py-cell">
              <span className="min-w-0 flex-1">{name}</span>
              <span className="text-ink-2">
                {t(`reason.${reason}`)}
                {until === null ? '' : `, ${t('until', { when: format.moment(new Date(until)) })}`}
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title={t('skeleton')}>
        <p>{view.frame.case.restricted ? t('skeleton_none') : t('skeleton_count', { count: view.skeleton })}</p>
      </Section>
      <Section title={t('outside')}>
        {view.outside.length === 0 ? <p>{t('outside_none')}</p> : <Outside readers={view.outside} />}
      </Section>
    </>
  )
}

/** The agencies that work on the case by what the person let go to them. */
async function Outside({ readers }: { readonly readers: AccessView['outside'] }) {
  const t = await getTranslations('cases.access')
  const format = await getFormat()
  return (
    <ul className="border-t border-line">
      {readers.map(({ referral, agencyName, leads, since }) => (
        <li key={referral} className="flex flex-wrap gap-x-3 border-b border-line py-cell">
          <bdi className="min-w-0 flex-1">{agencyName}</bdi>
          <span className="text-ink-2">
            {t(leads ? 'outside_leads' : 'outside_helps', { day: format.day(since.slice(0, 10)) })}
          </span>
          <RecordLink href={`/referrals/${referral}`} className="text-action-ink underline">
            <Code code={referral} />
          </RecordLink>
        </li>
      ))}
    </ul>
  )
}
