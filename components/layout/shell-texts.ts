import type { useTranslations } from 'next-intl'

/** The words that the shell's script needs; `{…}` are gaps that it fills in. */
export type ShellTexts = Readonly<
  Record<
    | 'idle'
    | 'stay'
    | 'ended'
    | 'signIn'
    | 'palette'
    | 'paletteHint'
    | 'findPerson'
    | 'logFor'
    | 'keysTitle'
    | 'close'
    | 'openCase',
    string
  >
> & { readonly keys: readonly { readonly keys: string; readonly does: string }[] }

type ShellTranslator = ReturnType<typeof useTranslations<'shell'>>

const KEYS = ['palette', 'filter', 'list', 'go', 'new', 'rows', 'digits', 'send', 'close', 'leave'] as const

export function shellTexts(t: ShellTranslator): ShellTexts {
  return {
    idle: t.raw('idle.warning') as string,
    stay: t('idle.stay'),
    ended: t('idle.ended'),
    signIn: t('idle.sign_in'),
    palette: t('palette.title'),
    paletteHint: t('palette.hint'),
    findPerson: t.raw('palette.find_person') as string,
    logFor: t.raw('palette.log_for') as string,
    openCase: t.raw('palette.open_case') as string,
    keysTitle: t('keys.title'),
    close: t('keys.close_layer'),
    keys: KEYS.map((key) => ({ keys: t(`keys.${key}.keys`), does: t(`keys.${key}.does`) })),
  }
}
