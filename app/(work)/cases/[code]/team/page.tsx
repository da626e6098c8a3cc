import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { CaseFrame } from '@/components/cases/case-frame'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { LinkButton } from '@/components/ui/button'
import { ActionForm } from '@/components/ui/form'
import { Section } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import { Select } from '@/components/ui/select'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import type { TeamView } from '@/lib/cases/access-schema'
import { viewTeam } from '@/lib/cases/team-service'
import { revealIdentityAction } from '../../../persons/[personCode]/actions'
import { caseMetadata } from '../case-metadata'
import { assignMemberAction } from './actions'

export const generateMetadata = titleOrMissing(TeamPage, async ({ params }: PageProps<'/cases/[code]/team'>) => {
  const t = await getTranslations('cases.team')
  return caseMetadata(params, t('title'))
})

export default orMissing(TeamPage)

/** Who is on the team, who was, and how to take somebody on or off. */
async function TeamPage({ params }: PageProps<'/cases/[code]/team'>) {
  const { code } = await params
  const found = await viewTeam(await requireActor(), { case: code })
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('cases.team')
  const format = await getFormat()
  return (
    <CaseFrame view={view.frame} current="team" reveal={revealIdentityAction}>
      <Section title={t('now')}>
        <Members view={view} />
      </Section>
      {view.frame.case.may.team ? (
        <Section title={t('add')}>
          <AddMember view={view} />
        </Section>
      ) : null}
      {view.former.length === 0 ? null : (
        <Section title={t('former')}>
          <ul>
            {view.former.map(({ name, since, until }) => (
              <li key={`${name} ${until}`} className="border-b border-line py-cell">
                {name}{' '}
                <span className="text-note text-ink-2">
                  {t('from_to', { from: format.day(since.slice(0, 10)), to: format.day(until.slice(0, 10)) })}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </CaseFrame>
  )
}

async function Members({ view }: { readonly view: TeamView }) {
  const t = await getTranslations('cases.team')
  const format = await getFormat()
  const mayRemove = view.frame.case.may.team && view.team.length > 1
  if (view.team.length === 0) return <p>{t('waiting')}</p>
  return (
    <>
      <ul className="border-t border-line">
        {view.team.map(({ handle, name, lead, since }) => (
          <li key={handle} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-cell">
            <span className="min-w-0 flex-1">
              {name}{' '}
              {since === null ? null : (
                <span className="text-note text-ink-2">{t('since', { day: format.day(since.slice(0, 10)) })}</span>
              )}
            </span>
            {lead ? <Pill tone="info">{t('lead')}</Pill> : null}
            {mayRemove ? (
              <LinkButton
                href={`/cases/${view.frame.case.code}/team/${handle}`}
                size="sm"
                aria-label={t('remove_name', { name })}
              >
                {t('remove')}
              </LinkButton>
            ) : null}
          </li>
        ))}
      </ul>
      {view.frame.case.may.team && !mayRemove ? <p className="mt-2 text-note text-ink-2">{t('last')}</p> : null}
    </>
  )
}

async function AddMember({ view }: { readonly view: TeamView }) {
  const t = await getTranslations('cases.team')
  if (view.candidates.length === 0) return <p className="text-ink-2">{t('nobody_left')}</p>
  return (
    <ActionForm
      action={assignMemberAction}
      initial={await initialForm()}
      submit={t('add_submit')}
      label={t('add')}
      hidden={{ case: view.frame.case.code }}
    >
      <Select
        name="member"
        label={t('member')}
        hint={t('add_hint')}
        options={view.candidates.map(({ handle, name }) => ({ value: handle, label: name }))}
      />
    </ActionForm>
  )
}
