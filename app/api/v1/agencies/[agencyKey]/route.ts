import { viewAgencyEndpoint } from '@/lib/api/endpoints/agencies'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewAgencyEndpoint)
