import type { LookRow } from './data'
import type { LookView } from './schema'

/** An event as "who looked" shows it. */
export function lookView({ at, type, who, agency, subject, fields }: LookRow): LookView {
  return { at: at.toISOString(), type, who: who ?? '', agency, subject, fields }
}
