import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Facts } from '@/components/ui/facts'
import { Section } from '@/components/ui/page-header'
import type { Format } from '@/lib/i18n/format'
import { CATEGORY_KEYS } from '@/lib/mandate/categories'
import { nameOfField } from '@/lib/referrals/facts-schema'
import type { PrintedPaper } from '@/lib/referrals/paper/schema'
import { DECLINE_REASONS, OUTCOMES, REFERRAL_URGENCIES } from '@/lib/referrals/schema'
import { fieldValues } from './field-values'

type PaperFormProps = { readonly paper: PrintedPaper | null; readonly format: Format }

/** A referral on paper with the part to answer on: what may stand on it of one person, or with empty lines to write on. */
export async function PaperForm({ paper, format }: PaperFormProps) {
  const { locale } = format
  const t = await getTranslations({ locale, namespace: 'referrals' })
  return (
    <div className="grid gap-2">
      <Section title={t('paper.form.asked')}>
        {paper === null ? <Blank format={format} /> : <Filled paper={paper} format={format} />}
        <Lines label={t('paper.form.reason')} count={3} />
        <Lines label={t('paper.form.signature')} count={1} />
      </Section>
      <Section title={t('paper.form.answer')}>
        <p className="measure mb-3">{t('paper.form.answer_help')}</p>
        <Boxes label={t('paper.form.seen')} choices={[t('paper.step.acknowledged'), t('paper.step.accepted')]} />
        <Boxes label={t('paper.if_declined')} choices={DECLINE_REASONS.map((reason) => t(`reason.${reason}`))} />
        <Boxes label={t('paper.if_completed')} choices={OUTCOMES.map((outcome) => t(`outcome.${outcome}`))} />
        <Lines label={t('paper.form.signature')} count={1} />
      </Section>
    </div>
  )
}

async function Filled({ paper, format }: { readonly paper: PrintedPaper; readonly format: Format }) {
  const { locale } = format
  const t = await getTranslations({ locale, namespace: 'referrals' })
  const urgency = await getTranslations({ locale, namespace: 'ui.urgency' })
  const write = await fieldValues(format)
  return (
    <>
      <Facts
        facts={[
          { label: t('record.from'), value: <bdi>{paper.fromAgency}</bdi> },
          { label: t('record.to'), value: <bdi>{paper.otherName}</bdi> },
          { label: t('paper.form.on'), value: format.day(paper.on) },
          { label: t('new.urgency'), value: urgency(paper.urgency) },
          ...paper.facts.map(({ field, value }) => ({
            label: t(`field.${nameOfField(field)}`),
            value: write(field, value),
          })),
        ]}
      />
      <p className="measure my-3">{t('paper.form.agreed')}</p>
    </>
  )
}

async function Blank({ format: { locale } }: { readonly format: Format }) {
  const t = await getTranslations({ locale, namespace: 'referrals' })
  const urgency = await getTranslations({ locale, namespace: 'ui.urgency' })
  const categories = await getTranslations({ locale, namespace: 'mandate.categories' })
  return (
    <>
      <Lines label={t('record.from')} count={1} />
      <Lines label={t('record.to')} count={1} />
      <Lines label={t('paper.form.on')} count={1} />
      <Boxes label={t('new.urgency')} choices={REFERRAL_URGENCIES.map((value) => urgency(value))} />
      <Boxes label={t('record.needs')} choices={CATEGORY_KEYS.map((category) => categories(category))} />
      <Boxes
        label={t('paper.consent_says')}
        choices={(['signed', 'spoken', 'guardian', 'nothing'] as const).map((says) => t(`paper.says.${says}`))}
      />
      <Lines label={t('paper.form.agreed_facts')} count={4} />
    </>
  )
}

function Lines({ label, count }: { readonly label: string; readonly count: number }) {
  return (
    <div className="my-3">
      <p className="font-semibold">{label}</p>
      {Array.from({ length: count }, (_, line) => (
        <div key={line} className="h-8 border-b border-edge" />
      ))}
    </div>
  )
}

function Boxes({ label, choices }: { readonly label: string; readonly choices: readonly ReactNode[] }) {
  return (
    <div className="my-3">
      <p className="font-semibold">{label}</p>
      <ul className="flex flex-wrap gap-x-6 gap-y-1">
        {choices.map((choice, place) => (
          <li key={place} className="flex items-center gap-2">
            <span aria-hidden className="inline-block size-4 border border-edge" />
            {choice}
          </li>
        ))}
      </ul>
    </div>
  )
}
