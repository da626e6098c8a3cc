/** A command that the operator types, from left to right in every language; long ones wrap between words first. */
export function Command({ text }: { readonly text: string }) {
  return (
    <code dir="ltr" className="font-code wrap-anywhere">
      {text}
    </code>
  )
}
