import { registerPersonEndpoint } from '@/lib/api/endpoints/people'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(registerPersonEndpoint)
