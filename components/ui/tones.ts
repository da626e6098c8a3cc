export type Tone = 'stop' | 'warn' | 'go' | 'info' | 'calm'

/** Text on the family's tint, with its edge. */
export const SOFT_TONE: Readonly<Record<Tone, string>> = {
  stop: 'bg-stop-soft text-stop-ink border-stop-edge',
  warn: 'bg-warn-soft text-warn-ink border-warn-edge',
  go: 'bg-go-soft text-go-ink border-go-edge',
  info: 'bg-info-soft text-info-ink border-info-edge',
  calm: 'bg-calm-soft text-calm-ink border-calm-edge',
}

/** The thick bar at the start edge. */
export const BAR_TONE: Readonly<Record<Tone, string>> = {
  stop: 'border-s-stop',
  warn: 'border-s-warn',
  go: 'border-s-go',
  info: 'border-s-info',
  calm: 'border-s-calm-edge',
}
