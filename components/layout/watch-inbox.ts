const EVERY_MS = 20_000

/**
 * Keeps the count beside "Inbox" as it is: asks once the page is there, and now and then while it can be seen. Returns
 * what ends that. Without a script, and where nothing answers, the count is as of the page.
 */
export function watchInbox(): () => void {
  const ask = () => {
    if (document.hidden) return
    fetch('/api/inbox')
      .then((answer) => answer.json() as Promise<{ readonly unread: number }>)
      .then(({ unread }) => {
        const count = document.querySelector('[data-unread]')
        count?.firstElementChild?.replaceChildren(String(unread))
        count?.toggleAttribute('hidden', unread === 0)
      })
      .catch(() => undefined)
  }
  const soon = setTimeout(ask, 1000)
  const timer = setInterval(ask, EVERY_MS)
  return () => {
    clearTimeout(soon)
    clearInterval(timer)
  }
}
