import { proveEventEndpoint } from '@/lib/api/endpoints/audit'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(proveEventEndpoint)
