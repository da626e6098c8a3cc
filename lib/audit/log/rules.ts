/** What counts as an event of an account, as the index audit_event_accounts and the policy of the log have it. */
const ACCOUNT =
  /^(session|member|token|agency|unit|network|key|seal|audit|installation|factor|passkey|recovery|password|backup|cover|absence|access-review)[.]/

/** Whether an event of this type is about an account or the installation, not about a person or a case. */
export function isAccountType(type: string): boolean {
  return ACCOUNT.test(type) && !type.endsWith('.listed')
}

/** Written by the database itself at sign-in, before there is anybody who acts. */
export const SESSION_TYPES = ['session.started', 'session.refused', 'session.ended'] as const
