import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { MandateChips } from '@/components/mandate/mandate-chip'
import { DataTable, type Column } from '@/components/ui/data-table'
import { Facts } from '@/components/ui/facts'
import { AppLink } from '@/components/ui/link'
import { Section } from '@/components/ui/page-header'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { MaskedFile } from '@/lib/oversight/samples/schema'

type Part = { readonly file: MaskedFile }

/** How a file was handled, part by part: codes, days and counts in words, and nobody's name. */
export function MaskedFileView({ agency, file }: Part & { readonly agency: string }) {
  return (
    <>
      <Standing agency={agency} file={file} />
      <Needs file={file} />
      <Services file={file} />
      <Consents file={file} />
      <Exceptions file={file} />
      <Referrals file={file} />
      <Disclosures file={file} />
      <Looks file={file} />
      <Rules file={file} />
    </>
  )
}

async function Standing({ agency, file }: Part & { readonly agency: string }) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  const { reviews } = file
  return (
    <div className="mb-8">
      <Facts
        facts={[
          { label: t('agency'), value: <bdi>{agency}</bdi> },
          { label: t('status'), value: w.text(`cases.status.${file.status}`) },
          { label: t('opened'), value: w.day(file.openedOn) },
          ...(file.closedOn === null ? [] : [{ label: t('closed'), value: w.day(file.closedOn) }]),
          {
            label: t('risk'),
            value: reviews.riskDueOn === null ? t('risk_fine') : t('risk_due', { day: w.day(reviews.riskDueOn) }),
          },
          { label: t('tasks_late'), value: reviews.tasksLate },
          {
            label: t('emergencies'),
            value: t('emergencies_of', { count: reviews.emergencies, late: reviews.emergenciesLate }),
          },
        ]}
      />
    </div>
  )
}

async function Needs({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['needs'][number]>
      title={t('needs')}
      none={t('none')}
      rows={file.needs}
      columns={[
        { key: 'category', head: t('category'), cell: ({ category }) => w.text(`mandate.categories.${category}`) },
        {
          key: 'urgency',
          head: t('urgency'),
          cell: ({ urgency }) => w.text(`assistance.need.urgency.short.${urgency}`),
        },
        {
          key: 'state',
          head: t('state'),
          cell: ({ state, notMetReason }) => (
            <>
              {w.text(`assistance.need.state.${state}`)}
              {notMetReason === null ? null : (
                <span className="block text-note text-ink-2">{w.text(`assistance.need.not_met.${notMetReason}`)}</span>
              )}
            </>
          ),
        },
        { key: 'found', head: t('found'), cell: ({ foundOn }) => w.day(foundOn) },
        { key: 'due', head: t('due'), cell: ({ dueOn }) => w.day(dueOn) },
        { key: 'served', head: t('served'), cell: ({ servedOn }) => w.day(servedOn) },
      ]}
    />
  )
}

async function Services({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['services'][number]>
      title={t('services')}
      none={t('none')}
      rows={file.services}
      isCut={file.services.length === 100}
      columns={[
        { key: 'category', head: t('category'), cell: ({ category }) => w.text(`mandate.categories.${category}`) },
        { key: 'day', head: t('day'), cell: ({ on }) => w.day(on) },
        { key: 'state', head: t('state'), cell: ({ status }) => w.text(`assistance.service.status.${status}`) },
        { key: 'agency', head: t('agency'), cell: ({ agency }) => <bdi>{agency}</bdi> },
        {
          key: 'mandate',
          head: t('mandate'),
          cell: ({ paragraphs }) => <MandateChips paragraphs={paragraphs.map((paragraph) => ({ paragraph }))} />,
        },
        {
          key: 'adapted',
          head: t('adapted'),
          cell: ({ isAdapted }) => (isAdapted ? t('adapted_yes') : t('adapted_no')),
        },
        { key: 'changes', head: t('changes'), align: 'end', cell: ({ changes }) => changes },
      ]}
    />
  )
}

async function Consents({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  const receiverOf = ({ purpose, agency, kind }: MaskedFile['consents'][number]) => {
    if (agency !== null) return <bdi>{agency}</bdi>
    if (kind !== null) return w.text(`consents.receiver.kind.${kind}`)
    return purpose === 'case_management' || purpose === 'statistics' ? t('own') : t('any')
  }
  return (
    <Listed<MaskedFile['consents'][number]>
      title={t('consents')}
      none={t('none')}
      rows={file.consents}
      columns={[
        { key: 'purpose', head: t('purpose'), cell: ({ purpose }) => w.text(`networks.purpose.${purpose}`) },
        {
          key: 'answer',
          head: t('answer'),
          cell: ({ answer, withdrawnOn, isReplaced }) => (
            <>
              {w.text(`consents.answer.${answer}`)}
              {withdrawnOn === null ? null : (
                <span className="block text-note text-ink-2">{`${t('taken_back')}: ${w.day(withdrawnOn)}`}</span>
              )}
              {isReplaced ? <span className="block text-note text-ink-2">{t('replaced')}</span> : null}
            </>
          ),
        },
        { key: 'receiver', head: t('receiver'), cell: receiverOf },
        {
          key: 'category',
          head: t('category'),
          cell: ({ categories }) => w.list(categories.map((one) => w.text(`mandate.categories.${one}`))),
        },
        { key: 'identity', head: t('identity'), cell: ({ identity }) => w.text(`consents.identity.${identity}`) },
        { key: 'day', head: t('day'), cell: ({ on }) => w.day(on) },
        { key: 'ends', head: t('ends'), cell: ({ endsOn }) => w.day(endsOn) },
      ]}
    />
  )
}

async function Exceptions({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['exceptions'][number]>
      title={t('exceptions')}
      none={t('none')}
      rows={file.exceptions}
      columns={[
        { key: 'receiver', head: t('receiver'), cell: ({ agency }) => <bdi>{agency}</bdi> },
        { key: 'basis', head: t('basis'), cell: ({ basis }) => w.text(`exceptions.basis.${basis}`) },
        { key: 'day', head: t('day'), cell: ({ on }) => w.day(on) },
        { key: 'ends', head: t('ends'), cell: ({ endsOn }) => w.day(endsOn) },
        { key: 'looked_at', head: t('looked_at'), cell: ({ findings }) => t('looked_at_of', { count: findings }) },
      ]}
    />
  )
}

async function Referrals({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['referrals'][number]>
      title={t('referrals')}
      none={t('none')}
      rows={file.referrals}
      columns={[
        { key: 'receiver', head: t('receiver'), cell: ({ agency }) => <bdi>{agency}</bdi> },
        {
          key: 'state',
          head: t('state'),
          cell: ({ state, declineReason }) => (
            <>
              {w.text(`referrals.state.desk.${state}`)}
              {declineReason === null ? null : (
                <span className="block text-note text-ink-2">{w.text(`referrals.reason.${declineReason}`)}</span>
              )}
            </>
          ),
        },
        {
          key: 'urgency',
          head: t('urgency'),
          cell: ({ urgency }) => w.text(`assistance.need.urgency.short.${urgency}`),
        },
        { key: 'sent', head: t('sent'), cell: ({ sentAt }) => w.moment(sentAt) },
        { key: 'acknowledged', head: t('acknowledged'), cell: ({ acknowledgedAt }) => w.moment(acknowledgedAt) },
        { key: 'decide_by', head: t('decide_by'), cell: ({ decideBy }) => w.moment(decideBy) },
        { key: 'answered', head: t('answered'), cell: ({ answeredAt }) => w.moment(answeredAt) },
        { key: 'ended', head: t('ended'), cell: ({ endedAt }) => w.moment(endedAt) },
      ]}
    />
  )
}

async function Disclosures({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['disclosures'][number]>
      title={t('disclosures')}
      none={t('none')}
      rows={file.disclosures}
      isCut={file.disclosures.length === 100}
      columns={[
        { key: 'way', head: t('way'), cell: ({ way }) => w.text(`disclosures.way.${way}`) },
        { key: 'receiver', head: t('receiver'), cell: ({ agency }) => <bdi>{agency ?? '—'}</bdi> },
        { key: 'day', head: t('day'), cell: ({ on }) => w.day(on) },
        {
          key: 'basis',
          head: t('basis'),
          cell: ({ bases }) => w.list(bases.map((one) => w.text(`disclosures.bases.${one}`))),
        },
        { key: 'fields', head: t('fields'), align: 'end', cell: ({ fields }) => fields },
      ]}
    />
  )
}

async function Looks({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['looks'][number]>
      title={t('looks')}
      none={t('none')}
      rows={file.looks}
      columns={[
        {
          key: 'role',
          head: t('role'),
          cell: ({ role }) => (role === 'system' ? t('system') : w.text(`agencies.role.${role}`)),
        },
        { key: 'agency', head: t('agency'), cell: ({ agency }) => <bdi>{agency}</bdi> },
        { key: 'members', head: t('members'), align: 'end', cell: ({ members }) => members },
        { key: 'looks', head: t('look_count'), align: 'end', cell: ({ looks }) => looks },
        { key: 'identity', head: t('identity_looks'), align: 'end', cell: ({ identity }) => identity },
      ]}
    />
  )
}

async function Rules({ file }: Part) {
  const t = await getTranslations('samples')
  const w = await wordsOf()
  return (
    <Listed<MaskedFile['rules'][number]>
      title={t('rules')}
      none={t('none')}
      rows={file.rules}
      columns={[
        {
          key: 'rule',
          head: t('rule'),
          cell: ({ rule, title }) => <AppLink href={`/oversight/rules/${rule}`}>{title}</AppLink>,
        },
        { key: 'day', head: t('day'), cell: ({ on }) => w.day(on) },
      ]}
    />
  )
}

type ListedProps<Row> = {
  readonly title: string
  readonly none: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row & { readonly at: number }>[]
  /** Whether older ones are left out. */
  readonly isCut?: boolean
}

async function Listed<Row extends object>({
  title,
  none,
  rows,
  columns,
  isCut = false,
}: ListedProps<Row>): Promise<ReactNode> {
  const t = await getTranslations('samples')
  return (
    <Section title={title}>
      <DataTable
        caption={title}
        isCaptionHidden
        rows={rows.map((row, at) => ({ ...row, at }))}
        rowKey={({ at }) => String(at)}
        columns={columns}
        pages={isCut ? { note: t('latest') } : {}}
        empty={<p className="text-ink-2">{none}</p>}
      />
    </Section>
  )
}

/** Words for codes, days and times; a dash for what isn't there. */
async function wordsOf() {
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  return {
    text,
    list: format.list,
    day: (on: string | null) => (on === null ? '—' : format.day(on)),
    moment: (at: string | null) => (at === null ? '—' : format.moment(new Date(at))),
  }
}
