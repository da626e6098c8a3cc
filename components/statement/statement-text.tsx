import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { WhoLooked } from '@/components/audit/who-looked'
import { disclosureWords } from '@/components/consent/disclosure-words'
import { identityRows } from '@/components/people/identity-rows'
import { profileTexts } from '@/components/people/profile-texts'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { Facts } from '@/components/ui/facts'
import { Section } from '@/components/ui/page-header'
import { isForSomebodyElse } from '@/lib/consent/schema'
import type { Format } from '@/lib/i18n/format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { PROFILE_QUESTIONS } from '@/lib/people/profile-schema'
import { CHANNELS } from '@/lib/people/safe-contact-schema'
import type { CaseOfStatement, StatementView } from '@/lib/reporting/statement/schema'

type StatementTextProps = {
  readonly statement: StatementView
  /** The words of the person's language, whatever the member's is. */
  readonly format: Format
}

/** Everything that an agency holds of a person, in words for them: who they are, what was done, who looked, who received. */
export async function StatementText({ statement, format }: StatementTextProps) {
  const t = await getTranslations({ locale: format.locale, namespace: 'statement' })
  const own = await getTranslations({ locale: format.locale, namespace: 'own_files.statement' })
  return (
    <>
      <div className="measure mb-8 grid gap-2">
        <p>{t('for_you', { agency: statement.agency })}</p>
        <p>{t('covers', { by: statement.by })}</p>
      </div>
      <Section title={t('who')}>
        <Identity statement={statement} format={format} />
      </Section>
      <Section title={t('about')}>
        <Profile statement={statement} format={format} />
      </Section>
      {statement.cases.map((one) => (
        <Section key={one.code} title={t('case', { number: one.number })}>
          <CaseText held={one} format={format} />
        </Section>
      ))}
      <Section title={t('agreed')}>
        <Agreed statement={statement} format={format} />
      </Section>
      <Section title={t('looked')}>
        <WhoLooked looked={statement.looked} locale={format.locale} timeZone={format.timeZone} />
      </Section>
      <Section title={t('received')}>
        <Received statement={statement} format={format} />
      </Section>
      <Section title={own('title')}>
        <OwnFiles statement={statement} format={format} />
      </Section>
      <Section title={t('rights')}>
        <ul className="measure grid list-disc gap-1 ps-5">
          {(['ask', 'correct', 'say_no', 'end', 'complain'] as const).map((right) => (
            <li key={right}>{t(`right.${right}`)}</li>
          ))}
        </ul>
      </Section>
      <p className="text-note text-ink-2">
        {t('printed', { agency: statement.agency, by: statement.by, day: format.day(statement.on, 'long') })}{' '}
        <Code code={statement.line} />
      </p>
    </>
  )
}

async function Identity({ statement: { identity, safeContact }, format }: StatementTextProps) {
  const t = await getTranslations({ locale: format.locale, namespace: 'statement' })
  const channels = await getTranslations({ locale: format.locale, namespace: 'persons.safe.channel' })
  const rows = await identityRows(identity, format)
  const safe = CHANNELS.filter((channel) => safeContact?.channels[channel]?.safe === true)
  return (
    <Facts
      facts={[
        ...rows.map(({ label, value, lang }) => ({
          label,
          value: (
            <span lang={lang} dir="auto">
              {value}
            </span>
          ),
        })),
        {
          label: t('reach'),
          value: safe.length === 0 ? t('reach_none') : format.list(safe.map((channel) => channels(channel))),
        },
        ...((safeContact?.codeWord ?? null) === null ? [] : [{ label: t('code_word'), value: t('code_word_held') }]),
      ]}
    />
  )
}

async function Profile({ statement: { profile }, format }: StatementTextProps) {
  const t = await getTranslations({ locale: format.locale, namespace: 'persons.profile' })
  const answers = await getTranslations({ locale: format.locale, namespace: 'ui.answer' })
  const { stated } = await profileTexts(format)
  return (
    <Facts
      columns={2}
      facts={PROFILE_QUESTIONS.map((question) => {
        const { state } = profile[question]
        return {
          label: t(`${question}.label`),
          value: state === 'stated' ? stated(profile, question) : answers(state),
        }
      })}
    />
  )
}

async function CaseText({ held, format }: { readonly held: CaseOfStatement; readonly format: Format }) {
  const t = await getTranslations({ locale: format.locale, namespace: 'statement' })
  const cases = await getTranslations({ locale: format.locale, namespace: 'cases' })
  const { text } = await getKeyTranslator(format.locale)
  const needWords = held.needs.map(({ category, type, state }) =>
    t('need', {
      what: text(type === null ? `mandate.categories.${category}` : `mandate.types.${category}.${type}`),
      state: text(`assistance.need.state.${state}`),
    }),
  )
  const helpWords = held.help.map(({ category, type, times, from, to }) =>
    t('help_line', {
      what: text(`mandate.types.${category}.${type}`),
      times,
      from: format.day(from),
      to: format.day(to),
    }),
  )
  return (
    <Facts
      facts={[
        {
          label: t('dates'),
          value:
            held.closedOn === null
              ? t('opened', { day: format.day(held.openedOn, 'long') })
              : t('closed', { from: format.day(held.openedOn, 'long'), to: format.day(held.closedOn, 'long') }),
        },
        { label: t('stage'), value: cases(`stage.${held.stage}`) },
        { label: t('wants_support'), value: cases(`three.${held.wantsSupport}`) },
        { label: t('data_use'), value: cases(`three.${held.dataUse}`) },
        { label: t('takes_part'), value: cases(`three.${held.takesPart}`) },
        { label: t('needs'), value: <Lines lines={needWords} none={t('nothing')} /> },
        { label: t('help'), value: <Lines lines={helpWords} none={t('nothing')} /> },
        { label: t('words'), value: t('words_held', { notes: held.notes, contacts: held.contacts }) },
      ]}
    />
  )
}

function Lines({ lines, none }: { readonly lines: readonly string[]; readonly none: ReactNode }) {
  if (lines.length === 0) return none
  return (
    <ul>
      {lines.map((line, place) => (
        <li key={place}>{line}</li>
      ))}
    </ul>
  )
}

async function Agreed({ statement: { consents }, format }: StatementTextProps) {
  const { locale } = format
  const t = await getTranslations({ locale, namespace: 'statement' })
  const words = await getTranslations({ locale, namespace: 'consents' })
  const purposes = await getTranslations({ locale, namespace: 'networks.purpose' })
  const categories = await getTranslations({ locale, namespace: 'mandate.categories' })
  const receiver = ({ agencyName, agencyKind, purpose }: StatementView['consents'][number]) =>
    agencyName ??
    (agencyKind !== null
      ? words(`receiver.kind.${agencyKind}`)
      : words(isForSomebodyElse(purpose) ? 'receiver.anybody' : 'receiver.own'))
  return (
    <DataTable
      caption={t('agreed_caption')}
      rows={consents}
      rowKey={({ code }) => code}
      columns={[
        { key: 'purpose', head: words('purpose'), cell: ({ purpose }) => purposes(purpose) },
        { key: 'to', head: words('to'), cell: (one) => <bdi>{receiver(one)}</bdi> },
        {
          key: 'what',
          head: words('categories'),
          cell: (one) =>
            one.categories.length === 6
              ? words('all_categories')
              : format.list(one.categories.map((key) => categories(key))),
        },
        {
          key: 'until',
          head: words('until'),
          cell: ({ endsOn, answer }) =>
            answer === 'refused' ? null : endsOn === null ? words('no_end') : format.day(endsOn),
        },
        {
          key: 'state',
          head: words('state_label'),
          cell: ({ state, recordedAt, withdrawnAt }) => (
            <>
              {words(`state.${state}`)}
              <span className="block text-note text-ink-2">{format.moment(new Date(withdrawnAt ?? recordedAt))}</span>
            </>
          ),
        },
      ]}
      empty={<p>{t('agreed_none')}</p>}
    />
  )
}

async function Received({ statement: { received, isCut }, format }: StatementTextProps) {
  const t = await getTranslations({ locale: format.locale, namespace: 'statement' })
  const heads = await getTranslations({ locale: format.locale, namespace: 'disclosures' })
  const words = await disclosureWords(format.locale)
  return (
    <>
      <DataTable
        caption={heads('caption')}
        rows={received}
        rowKey={({ code }) => code}
        columns={[
          { key: 'when', head: heads('when'), cell: ({ at }) => format.moment(new Date(at)) },
          { key: 'to', head: heads('to'), cell: (line) => <bdi>{words.receiver(line)}</bdi> },
          { key: 'what', head: heads('what'), cell: ({ fields }) => format.list(words.fields(fields)) },
          { key: 'basis', head: heads('basis'), cell: ({ bases }) => format.list(words.bases(bases)) },
        ]}
        empty={<p>{t('received_none')}</p>}
      />
      {isCut ? <p className="mt-4">{t('received_cut')}</p> : null}
    </>
  )
}

/** Which agencies keep a file of their own that began with what left here, since when and on which basis. */
async function OwnFiles({ statement: { ownFiles }, format }: StatementTextProps) {
  const { locale } = format
  const t = await getTranslations({ locale, namespace: 'own_files' })
  const words = await disclosureWords(locale)
  const day = (at: string) => format.moment(new Date(at))
  const rests = ({ kind, duty }: StatementView['ownFiles'][number]['basis']) =>
    kind === 'legal_duty' ? t('basis.legal_duty', { duty: t(`duty.${duty ?? 'other'}`) }) : t(`basis.${kind}`)
  return (
    <>
      <DataTable
        caption={t('statement.caption')}
        rows={ownFiles}
        rowKey={({ agencyName, openedAt }) => `${agencyName} ${openedAt}`}
        columns={[
          { key: 'who', head: t('statement.agency'), cell: ({ agencyName }) => <bdi>{agencyName}</bdi> },
          { key: 'since', head: t('statement.since'), cell: ({ openedAt }) => day(openedAt) },
          {
            key: 'until',
            head: t('statement.until'),
            cell: ({ endedAt, basisEndedAt }) =>
              endedAt !== null
                ? day(endedAt)
                : basisEndedAt === null
                  ? t('statement.still')
                  : t('statement.basis_ended', { day: day(basisEndedAt) }),
          },
          { key: 'basis', head: t('rests_on'), cell: ({ basis }) => rests(basis) },
          { key: 'what', head: t('statement.what'), cell: ({ fields }) => format.list(words.fields(fields)) },
        ]}
        empty={<p>{t('statement.none')}</p>}
      />
      {ownFiles.length === 0 ? null : <p className="mt-4">{t('statement.ask')}</p>}
    </>
  )
}
