import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const AGENCY_ENDPOINTS: readonly Endpoint[] = []
