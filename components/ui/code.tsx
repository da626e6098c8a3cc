import { useTranslations } from 'next-intl'
import { CopyButton } from './copy-button'

/** A code in groups of three, as one reads it aloud: AMP-7K3 MQ2 XH4. */
export function grouped(code: string): string {
  const [prefix, signs] = code.split('-')
  return signs === undefined ? code : `${prefix ?? ''}-${signs.replace(/(.{3})(?=.)/g, '$1 ')}`
}

/** A record's code: monospaced, left to right in every language, with a way to copy it where that helps. */
export function Code({ code, copy = false }: { readonly code: string; readonly copy?: boolean }) {
  return (
    <span>
      <bdi dir="ltr" translate="no" className="font-code whitespace-nowrap">
        {grouped(code)}
      </bdi>
      {copy ? <CopyCode code={code} /> : null}
    </span>
  )
}

/** The way to copy a code that stands nearby. */
export function CopyCode({ code }: { readonly code: string }) {
  const t = useTranslations('ui.code')
  return <CopyButton text={code} label={t('copy')} name={t('copy_code', { code })} done={t('copied')} />
}
