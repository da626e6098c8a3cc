import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { ReferralTable } from '@/components/referrals/referral-table'
import { LinkButton } from '@/components/ui/button'
import { PaperStatePill } from '@/components/referrals/paper-state'
import { UrgencyFlag } from '@/components/assistance/urgency-flag'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { EmptyState } from '@/components/ui/empty-state'
import { RecordLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { parseCode } from '@/lib/platform/ids'
import { getFormat } from '@/lib/i18n/get-format'
import { referralOfOwnCase } from '@/lib/referrals/own-file/service'
import { listPapersOfCase } from '@/lib/referrals/paper/service'
import { viewCaseReferrals } from '@/lib/referrals/prepare-service'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'

type Props = PageProps<'/cases/[code]/referrals'>

export const generateMetadata = titleOrMissing(CaseReferralsPage, async ({ params }: Props) => {
  const t = await getTranslations('referrals.case')
  const code = parseCode((await params).code, 'CAS')
  return code === null ? {} : { title: t('page_title', { code }) }
})

export default orMissing(CaseReferralsPage)

/** To whom a case was referred, and what became of it. */
async function CaseReferralsPage({ params }: Props) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const found = await viewCaseReferrals(await requireActor(), { case: code })
  if (!found.ok) notFound()
  const { frame, items } = found.value
  const t = await getTranslations('referrals.case')
  const act = frame.case.may.change ? (
    <LinkButton href={`/cases/${code}/referrals/new`} tone="primary" icon="send">
      {t('refer')}
    </LinkButton>
  ) : undefined
  return (
    <CaseFrame
      view={frame}
      current="referrals"
      reveal={revealIdentityAction}
      {...(act === undefined ? {} : { primary: act })}
    >
      <KeptAfter code={code} />
      <ReferralTable
        caption={t('caption', { count: items.length })}
        rows={items}
        empty={
          <EmptyState title={t('empty')} act={act}>
            {t('empty_help')}
          </EmptyState>
        }
      />
      <Papers code={code} mayRefer={frame.case.may.change} />
    </CaseFrame>
  )
}

/** Of a case that is a file of the agency's own: the referral that it came with, where its basis stands. */
async function KeptAfter({ code }: { readonly code: string }) {
  const found = await referralOfOwnCase(await requireActor(), { case: code })
  if (!found.ok) return null
  const t = await getTranslations('own_files')
  return (
    <p className="measure mb-6 flex flex-wrap items-center gap-3">
      <span>{t('kept_after')}</span>
      <RecordLink href={`/referrals/${found.value}/own-file`} className="text-action-ink underline">
        <Code code={found.value} />
      </RecordLink>
    </p>
  )
}

/** The forms on paper of a case, to agencies without Amparo and from them. */
async function Papers({ code, mayRefer }: { readonly code: string; readonly mayRefer: boolean }) {
  const found = await listPapersOfCase(await requireActor(), { case: code })
  if (!found.ok) return null
  const t = await getTranslations('referrals.paper')
  const format = await getFormat()
  const act = mayRefer ? <LinkButton href={`/cases/${code}/referrals/paper`}>{t('refer')}</LinkButton> : null
  return (
    <div className="mt-10">
      <Section title={t('of_case')} aside={act}>
        <DataTable
          caption={t('caption', { count: found.value.length })}
          rows={found.value}
          rowKey={(line) => line.code}
          columns={[
            {
              key: 'form',
              head: t('column.form'),
              cell: (line) => (
                <>
                  <RecordLink
                    href={`/cases/${code}/referrals/paper/${line.code}`}
                    className="font-semibold text-action-ink underline"
                  >
                    <Code code={line.code} />
                  </RecordLink>
                  <span className="block">
                    <UrgencyFlag urgency={line.urgency} />
                  </span>
                </>
              ),
            },
            {
              key: 'agency',
              head: t('column.agency'),
              cell: ({ direction, otherName }) => t(`between.${direction}`, { agency: otherName }),
            },
            { key: 'made', head: t('column.entered'), cell: ({ createdAt }) => format.day(createdAt.slice(0, 10)) },
            {
              key: 'state',
              head: t('column.state'),
              showHeadOnCard: false,
              cell: ({ direction, state }) => <PaperStatePill direction={direction} state={state} />,
            },
          ]}
          empty={<EmptyState title={t('none')}>{t('none_help')}</EmptyState>}
        />
      </Section>
    </div>
  )
}
