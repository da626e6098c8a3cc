import { findHelpEndpoint } from '@/lib/api/endpoints/directory'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(findHelpEndpoint)
