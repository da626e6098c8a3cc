import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CategoryTile } from '@/components/assistance/category-tile'
import { Details } from '@/components/ui/details'
import { Facts, type Fact } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import type { CaseOverviewView } from '@/lib/cases/overview-schema'
import type { CaseContentView, CaseView } from '@/lib/cases/schema'
import { audienceText } from './audience-line'

/** What the team reads beside the work: the three answers, identification, what happened (folded), who can see it. */
export async function CaseFacts({ view }: { readonly view: CaseOverviewView }) {
  const t = await getTranslations('cases')
  const { case: shown, audience } = view
  const { content } = shown
  if (content === null) return null
  const here = `/cases/${shown.code}`
  const change = (path: string, name: string) =>
    shown.may.change ? (
      <AppLink href={`${here}/${path}`} aria-label={`${t('overview.change')}: ${name}`}>
        {t('overview.change')}
      </AppLink>
    ) : null
  return (
    <>
      <Section title={t('overview.answers')} aside={change('answers', t('overview.answers'))}>
        <Facts
          facts={[
            { label: t('overview.wants_support'), value: t(`three.${content.wantsSupport}`) },
            { label: t('overview.data_use'), value: t(`three.${content.dataUse}`) },
            { label: t('overview.takes_part'), value: t(`three.${content.takesPart}`) },
          ]}
        />
      </Section>
      <Section title={t('overview.identification')} aside={change('identification', t('overview.identification'))}>
        <p>
          {await identificationText(content)}
          <span className="block text-note text-ink-2">{t('overview.gates_nothing')}</span>
        </p>
        {content.identificationReason === null ? null : (
          <Facts
            facts={[
              {
                label: t('identify.reason'),
                value: (
                  <p dir="auto" className="measure whitespace-pre-line">
                    {content.identificationReason}
                  </p>
                ),
              },
            ]}
          />
        )}
      </Section>
      <Experience content={content} change={change('experience', t('overview.experience'))} />
      <Section title={t('overview.who')} aside={<AppLink href={`${here}/access`}>{t('overview.who_all')}</AppLink>}>
        <p className="first-letter:uppercase">{audience === null ? null : await audienceText(audience)}</p>
      </Section>
      <Section title={t('overview.facts')}>
        <Facts facts={await dateFacts(shown)} />
      </Section>
    </>
  )
}

async function identificationText(content: CaseContentView): Promise<string> {
  const t = await getTranslations()
  const format = await getFormat()
  if (content.identification === 'possible') return t('cases.identification.possible')
  type Key = Parameters<typeof t>[0]
  const { identification, identifiedBy } = content
  // A file of another system may say what was decided and not by whom.
  const words =
    identifiedBy === null
      ? t(`cases.identification_choice.${identification}`)
      : t(`cases.identification.${identification}`, { body: t(`people.codes.decidingBody.${identifiedBy}` as Key) })
  return content.identifiedOn === null ? words : `${words}, ${format.day(content.identifiedOn)}`
}

/** What happened stays folded until it is opened; the fold says only how much there is. */
async function Experience({ content, change }: { readonly content: CaseContentView; readonly change: ReactNode }) {
  const t = await getTranslations('cases')
  const facts = await experienceFacts(content)
  return (
    <Section title={t('overview.experience')} aside={change}>
      <Details summary={t('overview.experience_open')} value={t('overview.experience_value', { count: facts.length })}>
        {facts.length === 0 ? <p className="text-ink-2">{t('experience.nothing')}</p> : <Facts facts={facts} />}
      </Details>
    </Section>
  )
}

async function experienceFacts(content: CaseContentView): Promise<readonly Fact[]> {
  const t = await getTranslations()
  const format = await getFormat()
  type Key = Parameters<typeof t>[0]
  const names = (list: string, codes: readonly string[]) =>
    codes.length === 0 ? null : format.list(codes.map((code) => t(`people.codes.${list}.${code}` as Key)))
  const lines = [
    { label: t('cases.experience.acts'), value: names('act', content.acts) },
    { label: t('cases.experience.means'), value: names('means', content.means) },
    { label: t('cases.experience.purposes'), value: names('purpose', content.purposes) },
    { label: t('cases.experience.recruitment'), value: names('recruitment', content.recruitment) },
    {
      label: t('cases.experience.recruiter'),
      value: names('recruiterRelation', content.recruiterRelation === null ? [] : [content.recruiterRelation]),
    },
    { label: t('cases.experience.sectors'), value: names('sector', content.sectors) },
    {
      label: t('cases.experience.places'),
      value: content.places.length === 0 ? null : format.list(content.places.map((place) => placeText(place, format))),
    },
  ]
  return lines.filter(({ value }) => value !== null)
}

function placeText(place: string, format: { readonly country: (code: string) => string }): string {
  const [country = place, region] = place.split('-')
  return region === undefined ? format.country(country) : `${format.country(country)} (${place})`
}

async function dateFacts(shown: CaseView): Promise<readonly Fact[]> {
  const t = await getTranslations('cases')
  const format = await getFormat()
  type Closure = Parameters<typeof t>[0]
  return [
    { label: t('overview.opened_on'), value: format.day(shown.openedOn) },
    ...(shown.closedOn === null ? [] : [{ label: t('overview.closed_on'), value: format.day(shown.closedOn) }]),
    ...(shown.closureReason === null
      ? []
      : [{ label: t('overview.closure_reason'), value: t(`closure.${shown.closureReason}` as Closure) }]),
    { label: t('overview.team'), value: format.list(shown.team.map(({ name }) => name)) },
  ]
}

/** All that colleagues off the team know of a case. */
export async function SkeletonFacts({ shown }: { readonly shown: CaseView }) {
  const t = await getTranslations('cases')
  const present = CATEGORY_KEYS.filter((category) => (shown.services[category] ?? 0) > 0)
  return (
    <Section title={t('overview.skeleton')}>
      <Facts
        facts={[
          ...(await dateFacts(shown)),
          { label: t('list.need'), value: t('list.needs_open', { count: shown.needsOpen }) },
          {
            label: t('overview.services'),
            value:
              present.length === 0 ? (
                t('list.no_services')
              ) : (
                <ul className="flex flex-wrap gap-x-4 gap-y-1">
                  {present.map((category) => (
                    <li key={category} className="inline-flex items-center gap-1.5 tabular-nums">
                      <CategoryTile category={category} />
                      {shown.services[category]}
                    </li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Section>
  )
}
