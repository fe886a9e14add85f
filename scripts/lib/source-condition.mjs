/** A module hook that resolves packages of this workspace to their sources: as `node --conditions=@atf/source` does. */
export function resolve(specifier, context, nextResolve) {
  return nextResolve(specifier, { ...context, conditions: ['@atf/source', ...context.conditions] });
}
