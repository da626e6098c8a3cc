import { disparityRows } from '@/components/oversight/disparity-table'
import { disparityWords } from '@/components/oversight/disparity-words'
import { currentActor } from '@/lib/auth/require-actor'
import { viewDisparity } from '@/lib/oversight/disparities/service'
import { csvOf } from '@/lib/platform/csv'

type Context = RouteContext<'/oversight/disparities/[disparity]/table'>

/** The table of an answer as a file, in the language of the screen; whoever may not see the answer finds nothing here. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const actor = await currentActor()
  const found = actor === null ? null : await viewDisparity(actor, { disparity: (await params).disparity })
  if (found?.ok !== true) return new Response(null, { status: 404 })
  const rows = await disparityRows(found.value, await disparityWords(found.value))
  return new Response(csvOf(rows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${found.value.code}.csv"`,
      'cache-control': 'no-store',
    },
  })
}
