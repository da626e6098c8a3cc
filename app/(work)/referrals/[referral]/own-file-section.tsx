import { getTranslations } from 'next-intl/server'
import { OwnFileFacts } from '@/components/referrals/own-file-facts'
import { LinkButton } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Section } from '@/components/ui/page-header'
import type { Actor } from '@/lib/access/actor'
import { ownFileState } from '@/lib/referrals/own-file/service'

/** That the receiving agency keeps a file of its own, for both sides; and for those who may, the way to open one. */
export async function OwnFileSection({ actor, referral }: { readonly actor: Actor; readonly referral: string }) {
  const found = await ownFileState(actor, { referral })
  if (!found.ok) return null
  const { file, mayOpen } = found.value
  if (file === null && !mayOpen) return null
  const t = await getTranslations('own_files')
  const here = `/referrals/${referral}/own-file`
  if (file === null) {
    return (
      <Section title={t('section')} aside={<LinkButton href={here}>{t('open')}</LinkButton>}>
        <p className="measure text-ink-2">{t('open_help')}</p>
      </Section>
    )
  }
  const isOurs = file.side === 'receiver'
  const said = isOurs
    ? t(file.endedAt === null ? 'kept_by_us' : 'ended_by_us')
    : t(file.endedAt === null ? 'kept_by_them' : 'ended_by_them', { agency: file.agencyName })
  return (
    <Section title={t('section')} aside={isOurs ? <LinkButton href={here}>{t('see')}</LinkButton> : null}>
      {isOurs && file.basisEndedAt !== null && file.endedAt === null ? <Notice tone="stop">{t('gone')}</Notice> : null}
      <p className="measure mb-3 text-ink-2">{said}</p>
      {isOurs ? null : <OwnFileFacts file={file} />}
    </Section>
  )
}
