import { currentActor } from '@/lib/auth/require-actor'
import { readReportFile } from '@/lib/oversight/report/service'

type Context = { readonly params: Promise<{ readonly report: string }> }

/** The file of a report; whoever may not read it finds nothing here. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const actor = await currentActor()
  const found = actor === null ? null : await readReportFile(actor, { report: (await params).report })
  if (found?.ok !== true) return new Response(null, { status: 404 })
  return new Response(found.value.body, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="audit-report-${found.value.code}.json"`,
      'cache-control': 'no-store',
    },
  })
}
