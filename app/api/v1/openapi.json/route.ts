import { openApiDocument } from '@/lib/api/openapi'
import { routesFor } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesFor({
  GET: () =>
    Promise.resolve(
      new Response(JSON.stringify(openApiDocument()), {
        headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      }),
    ),
})
