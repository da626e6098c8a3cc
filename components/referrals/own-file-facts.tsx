import { getTranslations } from 'next-intl/server'
import { Code } from '@/components/ui/code'
import { Facts } from '@/components/ui/facts'
import { RecordLink } from '@/components/ui/link'
import { getFormat } from '@/lib/i18n/get-format'
import { nameOfField } from '@/lib/referrals/facts-schema'
import type { OwnFileView } from '@/lib/referrals/own-file/schema'

/** What is known of an own file: since when, of what, on which basis; and for those who work on it, where it is. */
export async function OwnFileFacts({ file }: { readonly file: OwnFileView }) {
  const t = await getTranslations('own_files')
  const fields = await getTranslations('referrals.field')
  const format = await getFormat()
  const when = (at: string) => format.moment(new Date(at))
  const { basis, own } = file
  const rests = basis.duty === null ? t(`kind.${basis.kind}`) : `${t(`kind.${basis.kind}`)}: ${t(`duty.${basis.duty}`)}`
  const codes = basis.codes.map((code) => <Code key={code} code={code} />)
  return (
    <Facts
      facts={[
        ...(own === null
          ? []
          : [
              { label: t('person'), value: link(`/persons/${own.person}`, own.person) },
              { label: t('case'), value: link(`/cases/${own.case}`, own.case) },
            ]),
        { label: t('since'), value: when(file.openedAt) },
        { label: t('rests_on'), value: rests },
        ...(own?.words === null || own?.words === undefined
          ? []
          : [{ label: t('words'), value: <span dir="auto">{own.words}</span> }]),
        ...(basis.source === null ? [] : [{ label: t('law'), value: <bdi>{basis.source}</bdi> }]),
        ...(codes.length === 0 ? [] : [{ label: t('codes'), value: codes }]),
        { label: t('rests_since'), value: when(basis.since) },
        { label: t('copied'), value: format.list(file.fields.map((field) => fields(nameOfField(field)))) },
        ...(file.basisEndedAt === null ? [] : [{ label: t('basis_ended'), value: when(file.basisEndedAt) }]),
        ...(file.endedAt === null ? [] : [{ label: t('ended'), value: when(file.endedAt) }]),
      ]}
    />
  )
}

function link(href: string, code: string) {
  return (
    <RecordLink href={href} className="text-action-ink underline">
      <Code code={code} />
    </RecordLink>
  )
}
