import colors from 'picocolors';

/** The few emphases that reports use. Without colour, each returns its text unchanged. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  faint(text: string): string;
}

/** Colour on a terminal, unless NO_COLOR, --no-color or a dumb terminal forbids it. */
export function styleFor(stream: { isTTY?: boolean }, noColor: boolean, env: NodeJS.ProcessEnv): Style {
  const wanted = stream.isTTY === true && !noColor && !env.NO_COLOR && env.TERM !== 'dumb';
  const { green, red, dim } = colors.createColors(wanted);
  return { good: green, bad: red, faint: dim };
}
