import type { z } from 'zod'

import { PlainSentence } from '@/lib/platform/plain-sentence'

/** The options of a command as its schema wants them; refuses with one sentence that names the first that isn't right. */
export function checkedOptions<S extends z.ZodType>(schema: S, options: unknown): z.output<S> {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0] ?? 'input')
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new PlainSentence(`The value of --${flag} is not valid; correct it.`)
}

/** Seconds in a length of time such as `25h`, `3d`, `90m` or `1d12h`. */
export function secondsIn(text: string): number {
  const units = { d: 86_400, h: 3600, m: 60, s: 1 } as const
  const parts = [...text.matchAll(/(\d{1,6})([dhms])/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new PlainSentence(`"${text}" is not a length of time; write it like 25h, 3d or 1d12h.`)
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0)
}
