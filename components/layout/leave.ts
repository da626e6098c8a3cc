const WITHIN_MS = 5000
const PRESSES = 3

/** Between the tabs of this browser; nothing of it is stored. */
const TABS = 'amparo'
const LEAVING = 'leaving'
const SIGNED_OUT = 'signed out'

/**
 * Blanks the page in this frame and in every other tab, ends the session, and puts the neutral address in the pages'
 * place in the history.
 */
export function leave(address: string): void {
  const tabs = new BroadcastChannel(TABS)
  tabs.postMessage(LEAVING)
  tabs.close()
  // `keepalive` lets the request outlive the page; waiting for it would leave the page on screen.
  void fetch('/leave', { method: 'POST', keepalive: true, redirect: 'manual' }).catch(() => undefined)
  vanish(address)
}

function vanish(address: string): void {
  document.documentElement.dataset['gone'] = ''
  document.title = '\u200b'
  document.body.replaceChildren()
  location.replace(address)
}

/** Follows the other tabs: this page goes when one was left, and `onSignedOut` is called when one signed out. */
export function watchTabs(address: string, onSignedOut: () => void): () => void {
  const tabs = new BroadcastChannel(TABS)
  tabs.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === LEAVING) vanish(address)
    if (data === SIGNED_OUT) onSignedOut()
  }
  function onSubmit(event: SubmitEvent) {
    if (event.target instanceof HTMLFormElement && event.target.getAttribute('action') === '/sign-out') {
      tabs.postMessage(SIGNED_OUT)
    }
  }
  addEventListener('submit', onSubmit)
  return () => {
    tabs.close()
    removeEventListener('submit', onSubmit)
  }
}

/** Calls `onLeave` when a leave form is sent, and on three presses of Shift within five seconds with no other key between. */
export function watchForLeave(onLeave: () => void): () => void {
  const countShift = shiftCounter(onLeave)
  function onSubmit(event: SubmitEvent) {
    if (!(event.target instanceof HTMLFormElement) || event.target.dataset['leave'] === undefined) return
    event.preventDefault()
    onLeave()
  }
  function onKey(event: KeyboardEvent) {
    if (!event.repeat) countShift(event.key, event.timeStamp)
  }
  addEventListener('submit', onSubmit, true)
  addEventListener('keydown', onKey, true)
  return () => {
    removeEventListener('submit', onSubmit, true)
    removeEventListener('keydown', onKey, true)
  }
}

/** Counts presses of Shift; any other key starts over, so that typing capitals never leaves. */
export function shiftCounter(onThree: () => void): (key: string, at: number) => void {
  let presses: number[] = []
  return (key, at) => {
    if (key !== 'Shift') {
      presses = []
      return
    }
    presses = [...presses.filter((earlier) => at - earlier < WITHIN_MS), at]
    if (presses.length >= PRESSES) {
      presses = []
      onThree()
    }
  }
}
