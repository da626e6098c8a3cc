import { getTranslations } from 'next-intl/server'
import { readFlash } from '@/lib/forms/flash'
import { getKeyTranslator } from '@/lib/i18n/translate-key'
import { MandateChip } from '@/components/mandate/mandate-chip'
import { Code } from './code'
import { FlashKeeper } from './flash-keeper'
import { Icon } from './icon'
import { AppLink } from './link'

/** One line under the header: what happened, by code, with its paragraphs and what to do next. The region is always there. */
export async function FlashRegion() {
  const flash = await readFlash()
  if (flash === null) return <div role="status" />
  const { text } = await getKeyTranslator()
  const t = await getTranslations('ui.flash')
  const terms = Object.fromEntries(Object.entries(flash.terms ?? {}).map(([name, key]) => [name, text(key)]))
  return (
    <div role="status">
      <FlashKeeper dismiss={t('dismiss')}>
        <Icon name="circle-check" className="text-go-ink" />
        <span className="font-semibold">{text(flash.message, { ...flash.values, ...terms })}</span>
        {flash.code === undefined ? null : <Code code={flash.code} />}
        {flash.paragraphs?.map((paragraph) => (
          <MandateChip key={paragraph} paragraph={paragraph} />
        ))}
        {flash.links?.map(({ label, href }) => (
          <AppLink key={href} href={href}>
            {text(label)}
          </AppLink>
        ))}
      </FlashKeeper>
    </div>
  )
}
