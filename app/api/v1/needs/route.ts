import { listNeedsEndpoint } from '@/lib/api/endpoints/needs'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(listNeedsEndpoint)
