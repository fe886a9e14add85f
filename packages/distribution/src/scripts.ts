/** A script of the repository, which is plain JavaScript, with the types that its tests give it. */
export async function importScript<Module>(path: string): Promise<Module> {
  const url = new URL(`../../../scripts/${path}`, import.meta.url);
  return (await import(url.href)) as Module;
}
