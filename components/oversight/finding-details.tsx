import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Details } from '@/components/ui/details'
import { EmptyState } from '@/components/ui/empty-state'
import { Facts, type Fact } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { FindingItem, FindingSource, FindingView } from '@/lib/oversight/findings/schema'
import { basisKey } from './finding-words'
import { roleWords } from './oversight-words'

type Part = { readonly finding: FindingView }

/** What a finding is: its facts, what was written, and the evidence that it rests on, for either side. */
export async function FindingDetails({ finding }: Part) {
  const t = await getTranslations('findings')
  return (
    <>
      <Section title={t('facts')}>
        <FindingFacts finding={finding} />
      </Section>
      <Section title={t('texts')}>
        <Texts finding={finding} />
      </Section>
      <Section title={t('evidence.title')}>
        <Evidence finding={finding} />
      </Section>
    </>
  )
}

async function FindingFacts({ finding }: Part) {
  const t = await getTranslations('findings')
  const format = await getFormat()
  const moment = (label: string, at: string | null): readonly Fact[] =>
    at === null ? [] : [{ label, value: format.moment(new Date(at)) }]
  const { side, agencyName, bodyName, basis, subject, answerDue, actionDue, actionDoneOn } = finding
  return (
    <Facts
      facts={[
        side === 'body' ? { label: t('agency_label'), value: agencyName } : { label: t('body_label'), value: bodyName },
        { label: t('subject_label'), value: t(`subject.${subject}`) },
        { label: t('basis_label'), value: t(`basis.${basisKey(basis)}`) },
        ...moment(t('sent_on'), finding.sentAt),
        { label: t('answer_due_label'), value: format.day(answerDue, 'long') },
        ...moment(t('answered_on'), finding.answeredAt),
        ...(actionDue === null ? [] : [{ label: t('answer.due_label'), value: format.day(actionDue, 'long') }]),
        ...(actionDoneOn === null ? [] : [{ label: t('acts.done_label'), value: format.day(actionDoneOn, 'long') }]),
        ...moment(t('closed_on'), finding.closedAt),
      ]}
    />
  )
}

async function Texts({ finding }: Part) {
  const t = await getTranslations('findings')
  const format = await getFormat()
  const other = finding.side === 'body' ? 'agency' : 'body'
  return (
    <ol className="grid gap-6">
      {finding.texts.map(({ kind, text, at, own }, index) => (
        <li key={index} className="border-s-4 border-line ps-3">
          <h3 className="font-semibold">{t(`text.${kind}`)}</h3>
          <p className="measure whitespace-pre-line" dir="auto">
            {text}
          </p>
          <p className="text-note text-ink-2">
            {t(`text_by.${own ? 'own' : other}`, { when: format.moment(new Date(at)) })}
          </p>
        </li>
      ))}
    </ol>
  )
}

async function Evidence({ finding }: Part) {
  const t = await getTranslations('findings.evidence')
  const format = await getFormat()
  const { evidence, side } = finding
  const { checkpoint } = evidence
  return (
    <>
      <p className="measure mb-3 text-ink-2">
        {t('frozen', { when: format.moment(new Date(evidence.asOf)) })} {t(side === 'body' ? 'pseudonyms' : 'own_note')}
      </p>
      {evidence.holds ? null : <Notice tone="stop">{t('broken')}</Notice>}
      <Facts facts={await aboutFacts(finding)} />
      <div className="my-4">
        <Items finding={finding} />
      </div>
      <Facts
        facts={[
          ...(evidence.holds ? [{ label: t('as_of'), value: t('holds') }] : []),
          { label: t('digest'), value: <span className="font-code break-all">{evidence.digest}</span> },
          {
            label: t('checkpoint'),
            value:
              checkpoint === null ? (
                t('no_checkpoint')
              ) : (
                <>
                  {t('checkpoint_at', { size: format.number(checkpoint.size) })}
                  <span className="block font-code text-note break-all text-ink-2">{checkpoint.hash}</span>
                </>
              ),
          },
        ]}
      />
    </>
  )
}

/** What the source is; for an auditor with a way there. */
async function aboutFacts({ source, side, evidence: { about } }: FindingView): Promise<readonly Fact[]> {
  const t = await getTranslations('findings')
  const format = await getFormat()
  const roles = await roleWords()
  const value = (key: string) => (typeof about[key] === 'string' ? about[key] : null)
  const place = source.kind === null ? undefined : PLACES[source.kind]
  const link = (shown: ReactNode): ReactNode =>
    side === 'body' && source.code !== null && place !== undefined ? (
      <AppLink href={`${place}/${source.code}`}>{shown}</AppLink>
    ) : (
      shown
    )
  if (source.kind === null) return []
  const kind = { label: t('column.about'), value: link(t(`source.${source.kind}`)) }
  const at = value('at')
  const actor = value('actor')
  if (source.kind !== 'event' || at === null) return [kind]
  const held = Array.isArray(about['roles']) ? about['roles'].filter((role) => typeof role === 'string') : []
  return [
    kind,
    { label: t('evidence.when'), value: format.moment(new Date(at)) },
    ...(actor === null ? [] : [{ label: t('evidence.actor'), value: <Code code={actor} /> }]),
    ...(held.length === 0 ? [] : [{ label: t('evidence.roles'), value: roles(held) }]),
  ]
}

const PLACES: Partial<Record<FindingSource, string>> = {
  rule: '/oversight/rules',
  disparity: '/oversight/disparities',
  event: '/oversight/log',
  complaint: '/oversight/complaints',
  sample: '/oversight/samples',
}

async function Items({ finding: { evidence, side, source } }: Part) {
  const t = await getTranslations('findings.evidence')
  const format = await getFormat()
  const { text } = await getKeyTranslator()
  if (evidence.items.length === 0 && (source.kind === 'disparity' || source.kind === null)) return null
  const code = ({ code: shown, kind }: FindingItem) => {
    if (shown === null) return t(`kinds.${itemKind(kind)}`)
    const place = side === 'body' ? `/oversight/log?${kind === 'member' ? 'actor' : 'subject'}=` : OWN_PLACES[kind]
    return place === undefined ? (
      <Code code={shown} />
    ) : (
      <AppLink href={`${place}${shown}`}>
        <Code code={shown} />
      </AppLink>
    )
  }
  const table = (items: readonly FindingItem[], caption: string) => (
    <DataTable
      caption={caption}
      rows={items.map((item, at) => ({ ...item, at }))}
      rowKey={({ at }) => String(at)}
      columns={[
        { key: 'about', head: t('about'), cell: code },
        {
          key: 'kind',
          head: t('kind'),
          cell: ({ kind, questions = [] }) =>
            questions.length === 0
              ? t(`kinds.${itemKind(kind)}`)
              : questions.map((question) => (
                  <span key={question} className="block">
                    {text(`samples.question.${question}`)}
                  </span>
                )),
        },
        { key: 'day', head: t('day'), cell: ({ onDay }) => format.day(onDay) },
      ]}
      empty={<EmptyState title={t(side === 'body' ? 'none' : 'own_none')} />}
    />
  )
  const [first, rest] = [evidence.items.slice(0, ITEMS_AT_ONCE), evidence.items.slice(ITEMS_AT_ONCE)]
  return (
    <>
      {table(first, t('items_caption'))}
      {rest.length === 0 ? null : (
        <Details summary={t('items_rest', { count: rest.length })}>{table(rest, t('items_caption'))}</Details>
      )}
    </>
  )
}

/** So many records stand open; the rest is folded, and prints. */
const ITEMS_AT_ONCE = 20

const OWN_PLACES: Readonly<Record<string, string>> = { case: '/cases/', person: '/persons/' }

const ITEM_KINDS = ['person', 'case', 'member', 'agency'] as const

function itemKind(kind: string): (typeof ITEM_KINDS)[number] {
  return ITEM_KINDS.find((known) => known === kind) ?? 'case'
}
