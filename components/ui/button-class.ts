export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'stop' | 'leave'

const TONES: Readonly<Record<ButtonTone, string>> = {
  primary: 'border-transparent bg-action text-on-action hover:bg-action-hover',
  secondary: 'border-edge bg-surface text-action-ink hover:border-action hover:bg-action-soft',
  quiet: 'border-transparent bg-transparent text-action-ink underline hover:bg-action-soft',
  stop: 'border-transparent bg-stop text-on-stop hover:bg-stop-ink',
  leave: 'border-transparent bg-ink text-page hover:bg-ink-2',
}

/** The look of a button, for buttons and for links that act like one. */
export function buttonClass(tone: ButtonTone = 'secondary', size: 'md' | 'sm' = 'md'): string {
  const frame = size === 'sm' ? 'min-h-9 pointer-coarse:min-h-11 px-3 text-note whitespace-nowrap' : 'h-control px-4'
  return `inline-flex items-center justify-center gap-2 rounded-md border font-semibold no-underline transition-colors ${frame} ${TONES[tone]}`
}
