const BLOCK = /<!-- bench -->[\s\S]*<!-- \/bench -->/;

/** A README with the table between its markers. @throws Error where it has none */
export function withTable(readme: string, table: string): string {
  if (!BLOCK.test(readme)) throw new Error('the README has no <!-- bench --> … <!-- /bench -->');
  return readme.replace(BLOCK, () => `<!-- bench -->\n\n${table}\n\n<!-- /bench -->`);
}
