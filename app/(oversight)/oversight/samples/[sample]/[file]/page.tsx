import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { MaskedFileView } from '@/components/oversight/masked-file'
import { LinkButton } from '@/components/ui/button'
import { RadioRows } from '@/components/ui/choices'
import { Code, grouped } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { AppLink } from '@/components/ui/link'
import { PageHeader, Section } from '@/components/ui/page-header'
import { requireActorWho } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { SAMPLE_ANSWERS, SAMPLE_QUESTIONS, type SampleFileView } from '@/lib/oversight/samples/schema'
import { viewSampleFile } from '@/lib/oversight/samples/service'
import { answerSampleFileAction } from '../../actions'

const PATH = '/oversight/samples'

type Props = PageProps<'/oversight/samples/[sample]/[file]'>

export const generateMetadata = titleOrMissing(SampleFilePage, async ({ params }: Props) => {
  const t = await getTranslations('samples')
  return { title: t('file_page_title', { code: (await params).file }) }
})

export default orMissing(SampleFilePage)

/** How one file was handled, masked, and the questions that an auditor answers of it. */
async function SampleFilePage({ params }: Props) {
  const found = await viewSampleFile(await requireActorWho('sample:read'), await params)
  if (!found.ok) notFound()
  const view = found.value
  const t = await getTranslations('samples')
  const findings = await getTranslations('findings')
  const from = new URLSearchParams({ from: 'sample', code: view.sample, item: view.code })
  const isOfConcern = view.answers !== null && Object.values(view.answers).includes('concern')
  return (
    <>
      <PageHeader
        title={grouped(view.code)}
        crumbs={[
          { label: t('title'), href: PATH },
          { label: <Code code={view.sample} />, href: `${PATH}/${view.sample}` },
        ]}
        facts={t('position', { position: view.position, files: view.files, read: view.read })}
        secondary={
          isOfConcern ? (
            <LinkButton href={`/oversight/findings/new?${from.toString()}`}>{findings('open')}</LinkButton>
          ) : undefined
        }
        more={<AppLink href={`/oversight/log?subject=${view.code}`}>{t('log')}</AppLink>}
      />
      <MaskedFileView agency={view.agencyName} file={view.file} />
      <Section title={t('check.title')}>
        <Checklist view={view} />
      </Section>
    </>
  )
}

async function Checklist({ view }: { readonly view: SampleFileView }) {
  const t = await getTranslations('samples')
  const format = await getFormat()
  const here = `${PATH}/${view.sample}/${view.code}`
  return (
    <ActionForm
      action={answerSampleFileAction}
      initial={await initialForm(view.answers ?? {}, here)}
      submit={t('check.submit')}
      cancel={{ href: `${PATH}/${view.sample}` }}
      hidden={{ sample: view.sample, file: view.code, version: String(view.version) }}
      footer={
        view.readAt === null ? undefined : (
          <p className="text-note text-ink-2">{t('check.last', { when: format.moment(new Date(view.readAt)) })}</p>
        )
      }
    >
      {SAMPLE_QUESTIONS.map((question) => (
        <RadioRows
          key={question}
          name={question}
          label={t(`question.${question}`)}
          columns={3}
          choices={SAMPLE_ANSWERS.map((value) => ({ value, label: t(`answer_of.${value}`) }))}
        />
      ))}
    </ActionForm>
  )
}
