import 'server-only'
import { z } from 'zod'

import { codeParam, endpoint, type Endpoint } from '@/lib/api/endpoint'
import { offerOwnFile, openOwnFile, rebaseOwnFile } from '@/lib/referrals/own-file/open-service'
import {
  DUTIES,
  endOwnFileBody,
  openOwnFileBody,
  OWN_FILE_KINDS,
  rebaseOwnFileBody,
} from '@/lib/referrals/own-file/schema'
import { endOwnFile, viewOwnFile } from '@/lib/referrals/own-file/service'

const params = z.object({ referralCode: codeParam('REF') })

const ownFile = z.object({
  /** The referral's code: the file has none that the other agency could know. */
  code: z.string(),
  side: z.enum(['sender', 'receiver']),
  /** Who keeps it. */
  agency: z.string(),
  agencyName: z.string(),
  /** What was copied into it. */
  fields: z.array(z.string()),
  openedAt: z.string(),
  basis: z.object({
    kind: z.enum(OWN_FILE_KINDS),
    duty: z.enum(DUTIES).nullable(),
    /** The law, as the keeping agency recorded it. */
    source: z.string().nullable(),
    codes: z.array(z.string()),
    since: z.string(),
  }),
  /** Since when its basis no longer holds: it has to be ended, or rest on something else. */
  basisEndedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** The record itself, for those who work on it; null for everybody else. */
  own: z
    .object({
      person: z.string(),
      case: z.string(),
      isOpen: z.boolean(),
      knownBefore: z.boolean(),
      words: z.string().nullable(),
    })
    .nullable(),
  may: z.object({ rebase: z.boolean(), end: z.boolean() }),
})

export const viewOwnFileEndpoint = endpoint({
  method: 'GET',
  path: '/referrals/{referralCode}/own-file',
  summary:
    'The file that the receiver of a referral keeps of its own: a fact for both agencies, its codes for its team',
  params,
  result: ownFile,
  permission: 'referral:read',
  run: (actor, { params: { referralCode } }) => viewOwnFile(actor, { referral: referralCode }),
})

export const offerOwnFileEndpoint = endpoint({
  method: 'GET',
  path: '/referrals/{referralCode}/own-file/offer',
  summary:
    'What a file of one’s own would hold on a basis, and who of one’s own it may be; each call is a recorded look',
  params,
  query: z.strictObject({ basis: z.enum(OWN_FILE_KINDS) }),
  result: z.object({
    code: z.string(),
    fromAgencyName: z.string(),
    basis: z.enum(OWN_FILE_KINDS),
    fields: z.array(z.object({ field: z.string(), value: z.unknown() })),
    /** What this basis doesn't cover, or has no place in a file of one's own. */
    left: z.array(z.string()),
    alike: z.array(
      z.object({
        code: z.string(),
        strength: z.enum(['strong', 'likely', 'possible']),
        birthBand: z.int().nullable(),
        responsible: z.string(),
        team: z.boolean(),
      }),
    ),
  }),
  permission: 'referral:answer',
  run: (actor, { params: { referralCode }, query }) => offerOwnFile(actor, { referral: referralCode, ...query }),
})

export const openOwnFileEndpoint = endpoint({
  method: 'POST',
  path: '/referrals/{referralCode}/own-file',
  summary: 'Open a file of one’s own after a referral, on a consent or a legal duty; a second time gives the first one',
  params,
  body: openOwnFileBody,
  result: ownFile,
  status: 201,
  location: (view) => `/referrals/${view.code}/own-file`,
  permission: 'referral:answer',
  replay: (actor, made) => viewOwnFile(actor, { referral: made }),
  run: (actor, { params: { referralCode }, body }) => openOwnFile(actor, { ...body, referral: referralCode }, 'warn'),
})

export const rebaseOwnFileEndpoint = endpoint({
  method: 'POST',
  path: '/referrals/{referralCode}/own-file/basis',
  summary: 'Record what an own file rests on from now on',
  params,
  body: rebaseOwnFileBody,
  result: ownFile,
  permission: 'referral:answer',
  replay: (actor, made) => viewOwnFile(actor, { referral: made }),
  run: (actor, { params: { referralCode }, body }) => rebaseOwnFile(actor, { ...body, referral: referralCode }, 'warn'),
})

export const endOwnFileEndpoint = endpoint({
  method: 'POST',
  path: '/referrals/{referralCode}/own-file/end',
  summary: 'End an own file and close its case',
  params,
  body: endOwnFileBody,
  result: ownFile,
  permission: 'referral:answer',
  replay: (actor, made) => viewOwnFile(actor, { referral: made }),
  run: (actor, { params: { referralCode }, body }) => endOwnFile(actor, { ...body, referral: referralCode }),
})

export const OWN_FILE_ENDPOINTS: readonly Endpoint[] = [
  viewOwnFileEndpoint,
  offerOwnFileEndpoint,
  openOwnFileEndpoint,
  rebaseOwnFileEndpoint,
  endOwnFileEndpoint,
]
