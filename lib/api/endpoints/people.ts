import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const PEOPLE_ENDPOINTS: readonly Endpoint[] = []
