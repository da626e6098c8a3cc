import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { buttonClass } from '@/components/ui/button-class'
import { Command } from '@/components/ui/command'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { PasswordInput } from '@/components/ui/password-input'
import { requireActor } from '@/lib/auth/require-actor'
import { viewExport } from '@/lib/exchange/export/service'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { prepareExportAction } from './actions'

export const generateMetadata = titleOrMissing(ExportPage, async () => {
  const t = await getTranslations('export')
  return { title: t('page_title') }
})

export default orMissing(ExportPage)

/** An agency takes its own data out, as one encrypted file; nothing of them is shown here. */
async function ExportPage() {
  const found = await viewExport(await requireActor())
  if (!found.ok) notFound()
  const { readyUntil } = found.value
  const t = await getTranslations('export')
  const format = await getFormat()
  return (
    <>
      <PageHeader title={t('title')} />
      {readyUntil === null ? null : (
        <div className="mb-8">
          <Notice
            tone="go"
            title={t('fetch.title')}
            act={
              <a href="/admin/export/file" download className={buttonClass('primary')}>
                {t('fetch.link')}
              </a>
            }
          >
            {t('fetch.text', { time: format.time(readyUntil) })}
          </Notice>
        </div>
      )}
      <Section title={t('prepare.title')}>
        <p className="measure mb-4">{t('prepare.what')}</p>
        <p className="measure mb-4">{t('prepare.care')}</p>
        <ActionForm action={prepareExportAction} initial={await initialForm()} submit={t('prepare.submit')}>
          <PasswordInput
            name="passphrase"
            label={t('passphrase.label')}
            hint={t('passphrase.hint')}
            autoComplete="new-password"
          />
          <PasswordInput name="again" label={t('again.label')} autoComplete="new-password" />
        </ActionForm>
      </Section>
      <Section title={t('open.title')}>
        <p className="measure mb-2">{t('open.text')}</p>
        <Command text={t('open.command')} />
      </Section>
    </>
  )
}
