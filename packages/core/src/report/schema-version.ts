/** Version of the JSON that the tools print. It rises when a change could mislead a reader of the old one. */
export const SCHEMA_VERSION = 1;
