const ASKS_EVERY_MS = 4_000

/**
 * Asks an address of ours every few seconds while the tab is seen, and at once when it is seen again; what can't be
 * reached is asked the next time. Answers how to stop.
 */
export function askNowAndThen(address: string, take: (answer: Response) => void | Promise<void>): () => void {
  const ask = async () => {
    if (document.visibilityState !== 'visible') return
    const answer = await fetch(address, { cache: 'no-store' }).catch(() => null)
    if (answer !== null) await take(answer)
  }
  const seen = () => void ask()
  const timer = setInterval(seen, ASKS_EVERY_MS)
  document.addEventListener('visibilitychange', seen)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}
