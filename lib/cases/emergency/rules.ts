import type { EmergencyFinding } from './schema'

/** The two parts of a finding: the verdict, and why. */
export function partsOf(finding: EmergencyFinding): { readonly verdict: string; readonly reason: string } {
  const [verdict = '', reason = ''] = finding.split(':')
  return { verdict, reason }
}

/** Whole hours and minutes until an access ends; nothing is left at its end and after it. */
export function timeLeft(seconds: number): { readonly hours: number; readonly minutes: number } {
  const minutes = Math.max(0, Math.ceil(seconds / 60))
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
}
