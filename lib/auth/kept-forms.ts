import 'server-only'
import type { FieldPairs } from '@/lib/forms/field-pairs'

/** Keeps a form that was sent after its session had ended, for the member whose session it was. */
export function keepForm(form: { readonly path: string; readonly fields: FieldPairs }): Promise<void> {
  void form
  return Promise.resolve()
}

/** Takes back the form that was kept for this member on this page, once; null when there is none. */
export function takeKeptForm(path: string): Promise<FieldPairs | null> {
  void path
  return Promise.resolve(null)
}
