import { useTranslations } from 'next-intl'

/** On a working page, only on paper: how to print properly. */
export function PrintHint() {
  const t = useTranslations('ui.print')
  return <p className="print-only border-b border-edge pb-2 text-note">{t('use_print')}</p>
}
