type Handlers = { readonly go: (href: string) => void; readonly open: (layer: 'palette' | 'keys') => void }

const PLACES: Readonly<Record<string, string>> = { h: '/', c: '/cases', t: '/tasks', d: '/directory', m: '/mandate' }
/** What `n` makes: inside a case for that case, elsewhere from the start. */
const NEW: Readonly<Record<string, { readonly inCase: string; readonly elsewhere: string }>> = {
  s: { inCase: '/services/new', elsewhere: '/services/new' },
  c: { inCase: '/contacts/new', elsewhere: '/cases' },
  n: { inCase: '/needs/new', elsewhere: '/cases' },
  t: { inCase: '', elsewhere: '/turned-away/new' },
  p: { inCase: '', elsewhere: '/persons/find' },
}
const SEQUENCE_MS = 1500

/** The address that two keys lead to, such as `n` `s`; null for keys that mean nothing together. */
export function addressFor(first: string, second: string, path: string): string | null {
  if (first === 'g') return PLACES[second] ?? null
  if (first !== 'n') return null
  const target = NEW[second]
  if (target === undefined) return null
  const inCase = /^\/cases\/[^/]+/.exec(path)?.[0]
  return inCase === undefined || target.inCase === '' ? target.elsewhere : inCase + target.inCase
}

/** Listens for the keys of the shell. Never while typing or composing, and no key changes a record. */
export function watchShortcuts({ go, open }: Handlers): () => void {
  let first = { key: '', at: 0 }

  function onKey(event: KeyboardEvent) {
    if (event.isComposing || event.defaultPrevented) return
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      open('palette')
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const before = event.timeStamp - first.at < SEQUENCE_MS ? first.key : ''
    first = { key: '', at: 0 }
    const address = addressFor(before, event.key, location.pathname)
    if (address !== null) go(address)
    else if (event.key === '/') focusFilter()
    else if (event.key === '?') open('keys')
    else if (event.key === 'j') focusRow(1)
    else if (event.key === 'k') focusRow(-1)
    else {
      if (event.key === 'g' || event.key === 'n') first = { key: event.key, at: event.timeStamp }
      return
    }
    event.preventDefault()
  }

  addEventListener('keydown', onKey)
  return () => {
    removeEventListener('keydown', onKey)
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, select, textarea, [role="dialog"]') !== null)
  )
}

function focusFilter(): void {
  document.querySelector<HTMLElement>('[data-filter] :is(select, input:not([type="hidden"])), #shell-search')?.focus()
}

function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const now = rows.findIndex((row) => row.contains(document.activeElement))
  const next = rows[now === -1 ? (step === 1 ? 0 : rows.length - 1) : now + step]
  next?.querySelector<HTMLElement>('a')?.focus()
}
