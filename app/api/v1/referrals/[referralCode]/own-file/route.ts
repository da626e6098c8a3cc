import { openOwnFileEndpoint, viewOwnFileEndpoint } from '@/lib/api/endpoints/own-files'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewOwnFileEndpoint, openOwnFileEndpoint)
