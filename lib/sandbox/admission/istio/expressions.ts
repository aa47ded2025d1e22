/** Regular expressions, which istiod reads with Go's library. */
import { RE2JS } from 're2js'

/** Go's words for an expression it cannot read. */
export function goExpressionError(expression: string): string | undefined {
  try {
    RE2JS.compile(expression)
    return undefined
  } catch (error) {
    const { message } = error as Error
    // Go names the empty rest of the expression.
    return message.endsWith('trailing backslash at end of expression') ? `${message}: \`\`` : message
  }
}

/** where: the field, as istiod names it. */
export function checkExpression(expression: string, where: string): string | undefined {
  if (expression.length > 1_024) return `"${where}": regex is too large, max length allowed is 1024`
  const error = goExpressionError(expression)
  return (
    error && `"${where}": ${error}; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)`
  )
}
