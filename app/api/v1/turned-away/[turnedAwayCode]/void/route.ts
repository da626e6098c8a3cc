import { voidTurnedAwayEndpoint } from '@/lib/api/endpoints/turned-away'
import { routesOf } from '@/lib/api/routes'

export const { GET, POST, PATCH, PUT, DELETE, OPTIONS } = routesOf(voidTurnedAwayEndpoint)
