import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { SealFacts } from '@/components/audit/seal-facts'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { grouped } from '@/components/ui/code'
import { ActionForm } from '@/components/ui/form'
import { Notice } from '@/components/ui/notice'
import { PageHeader, Section } from '@/components/ui/page-header'
import { holds } from '@/lib/access/permissions'
import type { SealFaultView } from '@/lib/audit/state/schema'
import { viewSeal } from '@/lib/audit/state/service'
import { requireActor } from '@/lib/auth/require-actor'
import { initialForm } from '@/lib/forms/initial-form'
import { getFormat } from '@/lib/i18n/get-format'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { acknowledgeFaultAction, askSealCheckAction } from './actions'

export const generateMetadata = titleOrMissing(SealPage, async () => {
  const t = await getTranslations('audit.seal')
  return { title: t('page_title') }
})

export default orMissing(SealPage)

/** How the seal of the log stands, for whoever administers or oversees. */
async function SealPage() {
  const actor = await requireActor()
  const found = await viewSeal(actor)
  if (!found.ok) notFound()
  const seal = found.value
  const t = await getTranslations('audit.seal')
  const fault = seal.verification?.fault ?? null
  return (
    <>
      <PageHeader title={t('title')} facts={t('intro')} />
      {fault === null ? null : (
        <FaultFound fault={fault} check={holds(actor, 'seal:acknowledge') ? seal.check : null} />
      )}
      <Section title={t('state_label')}>
        <SealFacts seal={seal} />
        <div className="mt-4">
          {seal.checking ? (
            <p role="status">{t('checking')}</p>
          ) : (
            <ActionForm
              action={askSealCheckAction}
              initial={await initialForm({}, '/admin/seal#check')}
              submit={t('check_now')}
              tone="secondary"
              label={t('check_now')}
            />
          )}
        </div>
      </Section>
      {seal.checkpoint === null ? null : (
        <Section title={t('checkpoint')}>
          <p className="measure mb-2">{t('checkpoint_hint')}</p>
          <pre dir="ltr" className="overflow-x-auto bg-sunken p-3 font-code text-note whitespace-pre-wrap break-all">
            {seal.checkpoint}
          </pre>
          <p className="measure mt-2 text-note text-ink-2">{t('verify_hint')}</p>
        </Section>
      )}
    </>
  )
}

async function FaultFound({ fault, check }: { readonly fault: SealFaultView; readonly check: string | null }) {
  const t = await getTranslations('audit.fault')
  const { text } = await getKeyTranslator()
  const format = await getFormat()
  const values = {
    position: fault.position ?? 0,
    code: fault.code === null ? '?' : grouped(fault.code),
    size: fault.checkpointSize ?? 0,
  }
  return (
    <section className="mb-8 grid gap-4" aria-label={t('title')}>
      <Notice tone="stop" icon="shield-alert" title={t('title')}>
        <p>{text(`audit.fault.${fault.kind}`, values)}</p>
        <p className="mt-2">
          {fault.acknowledgedAt === null
            ? t('todo')
            : t('dealt_at', { when: format.moment(new Date(fault.acknowledgedAt)) })}
        </p>
      </Notice>
      {check === null || fault.acknowledgedAt !== null ? null : (
        <ActionForm
          action={acknowledgeFaultAction}
          initial={await initialForm({}, '/admin/seal#dealt')}
          submit={t('dealt')}
          tone="secondary"
          hidden={{ check }}
          label={t('dealt')}
          footer={<p className="text-note text-ink-2">{t('dealt_hint')}</p>}
        />
      )}
    </section>
  )
}
