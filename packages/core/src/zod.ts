/**
 * The part of zod that schemas are built from. The build lets the tools take zod from here: one process then holds one
 * copy, and loads no messages in fifty languages. Add a name here when a tool's schema needs it.
 */
export {
  array,
  boolean,
  discriminatedUnion,
  enum,
  int,
  iso,
  literal,
  looseObject,
  null,
  number,
  object,
  record,
  strictObject,
  string,
  tuple,
  union,
  unknown,
} from 'zod';
