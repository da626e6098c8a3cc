import { answerFindingEndpoint } from '@/lib/api/endpoints/findings'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(answerFindingEndpoint)
