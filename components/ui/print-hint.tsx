import { useTranslations } from 'next-intl'

/** On a working page, only on paper: how to print properly. A page that is made for paper (`data-paper`) hides it. */
export function PrintHint() {
  const t = useTranslations('ui.print')
  return <p className="print-hint print-only border-b border-edge pb-2 text-note">{t('use_print')}</p>
}
