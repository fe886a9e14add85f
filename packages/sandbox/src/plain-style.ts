/** How a report is rendered without colour. */
export const PLAIN_STYLE = {
  good: (text: string) => text,
  bad: (text: string) => text,
  faint: (text: string) => text,
};
