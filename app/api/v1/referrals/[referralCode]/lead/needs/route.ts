import { addLedNeedEndpoint } from '@/lib/api/endpoints/led-cases'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(addLedNeedEndpoint)
