import { useTranslations } from 'next-intl'
import { CopyButton } from './copy-button'

/** The way to copy a code that stands before it. Apart from `Code`, so that only pages with it load its script. */
export function CopyCode({ code }: { readonly code: string }) {
  const t = useTranslations('ui.code')
  return <CopyButton text={code} label={t('copy')} name={t('copy_code', { code })} done={t('copied')} />
}
