import { fillIn } from '@/components/ui/fill-in'
import { takeContentAway } from '@/components/ui/take-away'

/*
 * What an open page looks at every few seconds. It comes after the page, so that no page waits for it: what it would say
 * at first the server has said already.
 */

/** When a bar was first seen: what it says it has left counts from then where the server can't be reached. */
const firstSeen = new WeakMap<Element, number>()

export function lookAround(): void {
  if (document.hidden) return
  void countInbox()
  const bar = document.querySelector<HTMLElement>('[data-emergency]')
  if (bar !== null) void watchEmergency(bar)
}

/** Keeps the count beside "Inbox" as it is; where nothing answers, it stays. */
async function countInbox(): Promise<void> {
  const answer = await fetch('/api/inbox').catch(() => null)
  if (answer?.ok === true) document.querySelector('[data-unread]')?.replaceChildren(await answer.text())
}

/**
 * Says how long an emergency access is open still. At its end, also one in another tab or by the clock of the database,
 * the content leaves the page, and the page that says so takes its place.
 */
async function watchEmergency(bar: HTMLElement): Promise<void> {
  const { emergency = '', after = '', left = '0', text = '' } = bar.dataset
  const since = firstSeen.get(bar) ?? Date.now()
  firstSeen.set(bar, since)
  const seconds = (await askFor(emergency)) ?? Number(left) - (Date.now() - since) / 1000
  if (seconds <= 0) {
    takeContentAway()
    location.replace(after)
    return
  }
  const minutes = Math.ceil(seconds / 60)
  bar.textContent = fillIn(text, { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}

/** Seconds that are left; 0 also when the session has ended, null when the server can't be reached. */
async function askFor(address: string): Promise<number | null> {
  try {
    const response = await fetch(address, { cache: 'no-store' })
    if (response.status === 401) return 0
    if (!response.ok) return null
    const { secondsLeft } = (await response.json()) as { readonly secondsLeft: number }
    return secondsLeft
  } catch {
    return null
  }
}
