// @ts-check
import { readFileSync } from 'node:fs'

/**
 * Ends this process as SIGTERM does when npm, which started it, is no more: killed, npm tells nobody, and the server
 * would hold its port against the next start. npm runs it through a shell on some systems, so that one is looked past.
 */
export function endWithNpm() {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const throughShell = isShellOfOurs(parent)
  const npm = throughShell ? parentOf(parent) : parent
  const timer = setInterval(() => {
    const now = throughShell && process.ppid === parent ? parentOf(parent) : process.ppid
    if (now === npm) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  timer.unref()
}

/** @param {number} pid */
function isShellOfOurs(pid) {
  const [shell = '', ...args] = read(`/proc/${pid}/cmdline`).split('\0')
  return /(^|\/)(sh|bash|dash|ash|zsh)$/.test(shell) && args.some((part) => part.includes('run.mjs'))
}

/**
 * @param {number} pid
 * @returns {number} 0 where the system doesn't tell
 */
function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
