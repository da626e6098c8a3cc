import { amendServiceEndpoint } from '@/lib/api/endpoints/assistance'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(amendServiceEndpoint)
