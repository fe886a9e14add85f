import type { NewTask } from '../shapes/task-shapes.js';

/** The first characters of an endless repetition, made anew only when more of them are wanted than ever before. */
function repeated(pattern: string): (length: number) => string {
  let made = '';
  return (length) => {
    if (made.length < length) made = pattern.repeat(Math.ceil(length / pattern.length));
    return made.slice(0, length);
  };
}

const words = repeated('the tide comes in and goes out again, and nobody counts the waves. ');
const pdfPadding = repeated('JSUlIG5vdGhpbmcg');

/** The recorded article number `n`; where a length in UTF-8 bytes is asked for, cut or filled to exactly that. */
export function articleText(n: number, bytes?: number): string {
  const text = `Article ${n}: the sea, the sky — naïve café ☕ número ${n}`;
  if (bytes === undefined) return text;
  const missing = bytes - Buffer.byteLength(text);
  return missing >= 0 ? text + words(missing) : words(bytes);
}

const RECORDED_PDF = 'JVBERi0xLjQgZmFrZQ==';

/** A PDF in base64: the recorded one, or one of exactly that many characters. */
export function pdfContent(n: number, bytes?: number): Required<Pick<NewTask, 'content' | 'pdf'>> {
  const head = RECORDED_PDF.slice(0, 16);
  const content = bytes === undefined ? RECORDED_PDF : (head + pdfPadding(bytes)).slice(0, bytes);
  return {
    content,
    pdf: { filename: n % 7 === 0 ? 'x.pdf' : `issue-${n}.pdf`, issueDate: '2023-12-31', bytes: 13 },
  };
}
