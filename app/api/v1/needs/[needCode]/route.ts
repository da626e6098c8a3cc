import { changeNeedEndpoint, viewNeedEndpoint } from '@/lib/api/endpoints/needs'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(changeNeedEndpoint, viewNeedEndpoint)
