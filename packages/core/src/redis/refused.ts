/** How a server refuses a command that it does not have, or that its configuration forbids. */
export const REFUSED =
  /^(NOPROTO|ERR)?.*(unknown (redis )?(sub)?command|does not have the command|unsupported|not (allowed|available|supported|permitted)|disabled|invalid command passed to)/i;
