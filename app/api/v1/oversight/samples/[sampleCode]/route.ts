import { viewSampleEndpoint } from '@/lib/api/endpoints/samples'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewSampleEndpoint)
