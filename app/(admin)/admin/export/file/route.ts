import { currentActor } from '@/lib/auth/require-actor'
import { fetchExport } from '@/lib/exchange/export/service'

/** The prepared export of the own agency, once; whoever has none ready finds nothing here. */
export async function GET(): Promise<Response> {
  const actor = await currentActor()
  const found = actor === null ? null : await fetchExport(actor)
  if (actor === null || found?.ok !== true) return new Response(null, { status: 404 })
  const day = new Date().toISOString().slice(0, 10)
  return new Response(found.value, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="amparo-${actor.agencyKey}-${day}.zip.age"`,
      'cache-control': 'no-store',
    },
  })
}
