import { useSyncExternalStore } from 'react'

/** Whether the script is running: false in the server's HTML and while it is taken over, true from then on. */
export function useScript(): boolean {
  return useSyncExternalStore(subscribe, isRunning, isNotRunning)
}

function subscribe(): () => void {
  return () => undefined
}

function isRunning(): boolean {
  return true
}

function isNotRunning(): boolean {
  return false
}
