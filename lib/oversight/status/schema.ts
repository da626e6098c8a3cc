/** The parts of the installation that are watched, in the order in which they are shown. */
export const STATUS_PARTS = [
  'version',
  'database',
  'migrations',
  'jobs',
  'queue',
  'seal',
  'backups',
  'disk',
  'clock',
  'origin',
  'factors',
  'keys',
] as const
export type StatusPart = (typeof STATUS_PARTS)[number]

/** `watch`: nothing is lost yet. `mend`: something does not work, or soon won't. */
export type StatusState = 'good' | 'watch' | 'mend'

/** How one part stands: its words are the message `oversight.status.<part>.<says>`. */
export type Finding = {
  readonly part: StatusPart
  readonly state: StatusState
  readonly says: string
  readonly values: Readonly<Record<string, string | number>>
  /** The command that mends it, where there is one. */
  readonly command?: string
}

export type StatusView = { readonly findings: readonly Finding[] }
