import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { ConsentTable } from '@/components/consent/consent-table'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { requireActor } from '@/lib/auth/require-actor'
import { listConsentsInput, type ThreeAnswerView } from '@/lib/consent/schema'
import { viewCaseConsents } from '@/lib/consent/service'
import { getFormat } from '@/lib/i18n/get-format'
import { parseCode } from '@/lib/platform/ids'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { addressOf, pick } from '../../../services/address'
import { caseMetadata } from '../case-metadata'

export const generateMetadata = titleOrMissing(
  ConsentsPage,
  async ({ params }: PageProps<'/cases/[code]/consents'>) => {
    const t = await getTranslations('consents')
    return caseMetadata(params, t('title'))
  },
)

export default orMissing(ConsentsPage)

/** What the person agreed to and what they didn't, with the three answers that stay apart. */
async function ConsentsPage({ params, searchParams }: PageProps<'/cases/[code]/consents'>) {
  const code = parseCode((await params).code, 'CAS')
  if (code === null) notFound()
  const path = `/cases/${code}/consents`
  const asked = pick(await searchParams, ['cursor'])
  const input = listConsentsInput.safeParse({ case: code, ...asked })
  if (!input.success) redirect(path)
  const found = await viewCaseConsents(await requireActor(), input.data)
  if (!found.ok) {
    if (found.refusal === 'not_found') notFound()
    redirect(asked.cursor === undefined ? `/cases/${code}` : path)
  }
  const { frame, list, answers } = found.value
  const t = await getTranslations('consents')
  const act = frame.case.may.change ? (
    <LinkButton href={`${path}/new`} tone="primary" icon="plus">
      {t('record')}
    </LinkButton>
  ) : undefined
  const at = (cursor: string | null) => (cursor === null ? undefined : addressOf(path, { cursor }))
  return (
    <CaseFrame view={frame} current="consents" reveal={revealIdentityAction} primary={act}>
      <Section
        title={t('three')}
        aside={
          frame.case.may.change ? <AppLink href={`/cases/${code}/answers`}>{t('change_three')}</AppLink> : undefined
        }
      >
        <ThreeAnswers answers={answers} />
      </Section>
      <Section
        title={t('list_title')}
        aside={
          <span className="flex flex-wrap gap-x-4">
            <AppLink href={`/cases/${code}/sharing`}>{t('may_they')}</AppLink>
            <AppLink href={`/cases/${code}/disclosures`}>{t('what_left')}</AppLink>
          </span>
        }
      >
        <ConsentTable
          caption={t('caption')}
          consents={list.items}
          pages={{ earlier: at(list.previousCursor), later: at(list.nextCursor) }}
          empty={
            <EmptyState title={t('empty')} act={act}>
              {t('empty_help')}
            </EmptyState>
          }
        />
      </Section>
    </CaseFrame>
  )
}

async function ThreeAnswers({ answers }: { readonly answers: readonly ThreeAnswerView[] }) {
  const t = await getTranslations('consents')
  const cases = await getTranslations('cases')
  const format = await getFormat()
  return (
    <Facts
      facts={answers.map(({ question, answer, since }) => ({
        label: t(`three_question.${question}`),
        value: (
          <>
            {cases(`three.${answer}`)}
            {since === null ? null : (
              <span className="ms-2 text-note text-ink-2">{t('since', { when: format.moment(new Date(since)) })}</span>
            )}
          </>
        ),
      }))}
    />
  )
}
