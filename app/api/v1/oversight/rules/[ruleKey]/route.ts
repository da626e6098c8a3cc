import { viewRuleEndpoint } from '@/lib/api/endpoints/register'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(viewRuleEndpoint)
