import 'server-only'

import type { Endpoint } from '@/lib/api/endpoint'

export const CASE_ENDPOINTS: readonly Endpoint[] = []
