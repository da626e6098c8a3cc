import type { Loader } from '@/lib/platform/db/backup/load'

/**
 * What a restore ends, by table: whatever lets somebody in, was asked for, or waits. A backup knows nothing of what was
 * ended or used up after it was made. Tables that an older backup lacks are left alone.
 */
export const ENDED_BY_RESTORE: Readonly<Record<string, string>> = {
  session: `UPDATE public.session SET ended_at = clock_timestamp(), ended_reason = 'restored', challenge = NULL WHERE ended_at IS NULL`,
  api_token: 'UPDATE public.api_token SET ended_at = clock_timestamp() WHERE ended_at IS NULL',
  invitation: 'UPDATE public.invitation SET used_at = clock_timestamp() WHERE used_at IS NULL',
  password_reset: 'UPDATE public.password_reset SET used_at = clock_timestamp() WHERE used_at IS NULL',
  reset_request: 'DELETE FROM public.reset_request',
  factor_reset: 'DELETE FROM public.factor_reset',
  // An app that was being set up; and of the others no code that may have been taken already is taken again.
  second_factor: `WITH unfinished AS (DELETE FROM public.second_factor WHERE confirmed_at IS NULL)
    UPDATE public.second_factor SET last_step = greatest(last_step, floor(extract(epoch FROM clock_timestamp()) / 30)::bigint)
    WHERE kind = 'app' AND confirmed_at IS NOT NULL`,
  // Each is good once, and which were used since nobody knows.
  recovery_code: 'UPDATE public.recovery_code SET used_at = clock_timestamp() WHERE used_at IS NULL',
  kept_form: 'DELETE FROM public.kept_form',
  search_handle: 'DELETE FROM public.search_handle',
  throttle: 'DELETE FROM public.throttle',
  agency_export: `UPDATE public.agency_export SET sealed = NULL, ticket = NULL, expires_at = least(expires_at, clock_timestamp())`,
  backup_run: `DELETE FROM public.backup_run WHERE state IN ('requested', 'running')`,
  // What was to be mailed then is known by now, or nobody's business any more.
  notice_delivery: `UPDATE public.notice_delivery SET state = 'skipped', ended_at = clock_timestamp() WHERE state = 'waiting'`,
}

/** Whoever was signed in signs in again, and nothing that was under way goes on by itself. */
export async function forgetWhatRan(run: Loader['run']): Promise<void> {
  for (const [table, statement] of Object.entries(ENDED_BY_RESTORE)) {
    const [found] = await run<{ is: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is', [`public.${table}`])
    if (found?.is === true) await run(statement)
  }
}
