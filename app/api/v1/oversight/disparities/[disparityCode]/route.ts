import { viewDisparityEndpoint } from '@/lib/api/endpoints/disparities'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewDisparityEndpoint)
