import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { DataTable } from '@/components/ui/data-table'
import { AppLink } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { Pill } from '@/components/ui/pill'
import { Section } from '@/components/ui/page-header'
import type { FieldDecision } from '@/lib/consent/engine'
import type { FieldKey } from '@/lib/consent/fields'
import type { SharingAnswer } from '@/lib/consent/sharing/schema'
import { getFormat } from '@/lib/i18n/get-format'

type SharingAnswerProps = { readonly answer: SharingAnswer; readonly caseCode: string }

/** Yes or no first; then what of it, on which basis, until when, and why not. */
export async function SharingAnswerSection({ answer, caseCode }: SharingAnswerProps) {
  const t = await getTranslations('sharing')
  const allowed = answer.fields.filter((field) => field.allowed).length
  const verdict = allowed === 0 ? 'no' : allowed === answer.fields.length ? 'yes' : 'partly'
  return (
    <Section title={t(`verdict.${verdict}`, { agency: answer.agency.name })}>
      <div className="mb-6 grid gap-3">
        <Agreements answer={answer} />
        {verdict === 'yes' ? null : (
          <p className="measure">
            {t('what_helps')} <AppLink href={`/cases/${caseCode}/consents/new`}>{t('ask_person')}</AppLink>
          </p>
        )}
      </div>
      <FieldTable answer={answer} caseCode={caseCode} />
    </Section>
  )
}

/** Without an agreement between both agencies nothing goes at all, whatever the person said. */
async function Agreements({ answer: { agreements, agency } }: Pick<SharingAnswerProps, 'answer'>) {
  const t = await getTranslations('sharing')
  const categories = await getTranslations('mandate.categories')
  const format = await getFormat()
  const without = agreements.filter(({ agreement }) => agreement === null)
  const codes = [...new Set(agreements.flatMap(({ agreement }) => agreement ?? []))]
  return (
    <>
      {without.length === 0 ? null : (
        <Notice tone="warn" icon="triangle-alert">
          {t('no_agreement', {
            agency: agency.name,
            categories: format.list(without.map(({ category }) => categories(category))),
          })}
        </Notice>
      )}
      {codes.length === 0 ? null : (
        <p>
          {t('agreement')}{' '}
          {codes.map((code) => (
            <AppLink key={code} href={`/agreements/${code}`} className="me-2">
              <Code code={code} />
            </AppLink>
          ))}
        </p>
      )}
    </>
  )
}

async function FieldTable({ answer, caseCode }: SharingAnswerProps) {
  const t = await getTranslations('sharing')
  const fields = await getTranslations('consents.fields')
  const format = await getFormat()
  return (
    <DataTable<FieldDecision>
      caption={t('caption')}
      rows={answer.fields}
      rowKey={({ field }) => field}
      columns={[
        { key: 'field', head: t('field'), cell: ({ field }) => fields(field as FieldKey) },
        {
          key: 'allowed',
          head: t('may_go'),
          cell: ({ allowed }) => (
            <Pill tone={allowed ? 'go' : 'calm'} icon={allowed ? 'circle-check' : 'circle-x'}>
              {t(allowed ? 'yes' : 'no')}
            </Pill>
          ),
        },
        {
          key: 'basis',
          head: t('why'),
          cell: ({ basis, code, reason }) =>
            basis === null ? (
              t(`reason.${reason ?? 'not_asked'}`)
            ) : (
              <>
                {t(`basis.${basis}`)} {code === null ? null : <BasisCode code={code} caseCode={caseCode} />}
              </>
            ),
        },
        {
          key: 'until',
          head: t('until'),
          cell: ({ until, allowed }) =>
            !allowed ? null : until === null ? t('no_end') : format.moment(new Date(until)),
        },
      ]}
      empty={null}
    />
  )
}

/** A consent has a page; what an agency rests on is its administrator's, and what goes without consent stands below. */
function BasisCode({ code, caseCode }: { readonly code: string; readonly caseCode: string }) {
  if (!code.startsWith('CON-')) return <Code code={code} />
  return (
    <AppLink href={`/cases/${caseCode}/consents/${code}`}>
      <Code code={code} />
    </AppLink>
  )
}
