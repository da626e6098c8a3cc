import { getTranslations } from 'next-intl/server'
import { notFound } from 'next/navigation'
import { orMissing, titleOrMissing } from '@/components/layout/or-missing'
import { Command } from '@/components/ui/command'
import { Facts } from '@/components/ui/facts'
import type { IconName } from '@/components/ui/icon'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { Pill } from '@/components/ui/pill'
import type { Tone } from '@/components/ui/tones'
import { requireActor } from '@/lib/auth/require-actor'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import type { Finding, StatusState } from '@/lib/oversight/status/schema'
import { viewStatus } from '@/lib/oversight/status/service'

const LOOKS: Readonly<Record<StatusState, { readonly tone: Tone; readonly icon: IconName }>> = {
  good: { tone: 'go', icon: 'circle-check' },
  watch: { tone: 'warn', icon: 'triangle-alert' },
  mend: { tone: 'stop', icon: 'octagon-alert' },
}

export const generateMetadata = titleOrMissing(StatusPage, async () => {
  const t = await getTranslations('oversight.status')
  return { title: t('page_title') }
})

export default orMissing(StatusPage)

async function StatusPage() {
  const found = await viewStatus(await requireActor())
  if (!found.ok) notFound()
  const t = await getTranslations('oversight.status')
  const { text } = await getKeyTranslator()
  const { findings } = found.value
  const counted = (state: StatusState): number => findings.filter((finding) => finding.state === state).length
  const worst = counted('mend') > 0 ? 'mend' : counted('watch') > 0 ? 'watch' : 'good'
  return (
    <>
      <PageHeader title={t('title')} />
      <Notice tone={LOOKS[worst].tone} icon={LOOKS[worst].icon}>
        {t(`summary_${worst}`, { count: counted(worst) })}
      </Notice>
      <div className="mt-6">
        <Facts
          facts={findings.map((finding) => ({
            label: text(`oversight.status.${finding.part}.label`),
            value: (
              <FindingText finding={finding} text={text} state={t(`state.${finding.state}`)} command={t('command')} />
            ),
          }))}
        />
      </div>
    </>
  )
}

type FindingTextProps = {
  readonly finding: Finding
  readonly text: (key: string, values?: Finding['values']) => string
  readonly state: string
  readonly command: string
}

function FindingText({ finding, text, state, command }: FindingTextProps) {
  const { tone, icon } = LOOKS[finding.state]
  return (
    <div className="grid justify-items-start gap-1">
      <Pill tone={tone} icon={icon}>
        {state}
      </Pill>
      <p className="measure">{text(`oversight.status.${finding.part}.${finding.says}`, finding.values)}</p>
      {finding.command === undefined ? null : (
        <p className="measure">
          {command}: <Command text={finding.command} />
        </p>
      )}
    </div>
  )
}
