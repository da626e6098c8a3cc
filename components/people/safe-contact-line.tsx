import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Facts } from '@/components/ui/facts'
import type { Format } from '@/lib/i18n/format'
import { getFormat } from '@/lib/i18n/get-format'
import { CHANNELS, type SafeContactView } from '@/lib/people/safe-contact-schema'
import { SafeContactBand } from './safe-contact-band'

/** Safe contact from its view: the rules in one line, the rest unfolds. */
export async function SafeContact({ view, ask }: { readonly view: SafeContactView; readonly ask?: ReactNode }) {
  const format = await getFormat()
  const askedOn = view.askedAt === null ? '' : format.day(view.askedAt.slice(0, 10))
  const rules = await rulesOf(view, format)
  const line = await lineOf(view, format)
  return (
    <SafeContactBand
      state={view.state}
      {...(line === '' ? {} : { line })}
      {...(rules.length === 0 ? {} : { rules: <Facts facts={rules} /> })}
      askedOn={askedOn}
      {...(ask === undefined ? {} : { ask })}
    />
  )
}

/** The same in lines for paper, in the language of whoever reads it; without the code word, since paper gets into other hands. */
export async function SafeContactText({ view, format }: { readonly view: SafeContactView; readonly format: Format }) {
  return (
    <>
      {await lineOf(view, format)}
      <Facts facts={await rulesOf({ ...view, codeWord: null }, format)} />
    </>
  )
}

async function rulesOf(view: SafeContactView, format: Format) {
  const t = await getTranslations({ locale: format.locale, namespace: 'persons.safe' })
  const askedOn = view.askedAt === null ? '' : format.day(view.askedAt.slice(0, 10))
  return [
    { label: t('rule.may_answer'), value: typed(view.mayAnswer) },
    { label: t('rule.code_word'), value: typed(view.codeWord) },
    { label: t('rule.language'), value: view.language === null ? null : format.language(view.language) },
    { label: t('rule.never'), value: view.neverContact.length === 0 ? null : typed(format.list(view.neverContact)) },
    { label: t('rule.notes'), value: typed(view.notes) },
    { label: t('rule.asked'), value: askedOn === '' ? null : askedOn },
  ].filter(({ value }) => value !== null)
}

function typed(text: string | null): ReactNode {
  return text === null ? null : <span dir="auto">{text}</span>
}

/** "Text messages, 10:00 to 14:00 only. Never: calls." */
async function lineOf({ channels }: SafeContactView, format: Format): Promise<string> {
  const t = await getTranslations({ locale: format.locale, namespace: 'persons.safe' })
  const safe = CHANNELS.flatMap((channel) => {
    const rule = channels[channel]
    if (rule?.safe !== true) return []
    const name = t(`channel.${channel}`)
    if (rule.from === undefined || rule.until === undefined) return [name]
    return [t('line.use_hours', { channel: name, from: rule.from, until: rule.until })]
  })
  const unsafe = CHANNELS.filter((channel) => channels[channel]?.safe === false).map((channel) =>
    t(`channel.${channel}`),
  )
  return [
    safe.length === 0 ? '' : t('line.use', { channels: format.list(safe) }),
    unsafe.length === 0 ? '' : t('line.never', { channels: format.list(unsafe) }),
  ]
    .filter((part) => part !== '')
    .join(format.locale === 'en' ? ' ' : '')
}
