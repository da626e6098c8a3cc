import { viewCategoryEndpoint } from '@/lib/api/endpoints/mandate'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewCategoryEndpoint)
