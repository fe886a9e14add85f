import colors from 'picocolors';

/** The few emphases that reports use; each is the text itself where there is no colour. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

/** Colour where the output is a terminal and nobody asked for none: NO_COLOR, --no-color, or a dumb terminal. */
export function styleFor(stream: { isTTY?: boolean }, noColor: boolean, env: NodeJS.ProcessEnv): Style {
  const wanted = stream.isTTY === true && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
  const { green, red, dim } = colors.createColors(wanted);
  return { good: green, bad: red, faint: dim };
}
