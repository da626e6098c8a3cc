import { MissingPage, missingMetadata } from '@/components/layout/missing-page'

export const generateMetadata = missingMetadata

export default function NotFound() {
  return <MissingPage />
}
