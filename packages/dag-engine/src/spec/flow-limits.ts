/** Most entries that all `depends_on` of one flow may have together. */
export const MAX_EDGES = 100_000;

/** Most bytes of JSON that the config and the input of one task may take together. */
export const MAX_TASK_BYTES = 1024 * 1024;

/** Most bytes of JSON that all configs and inputs of one flow may take together. */
export const MAX_FLOW_BYTES = 16 * 1024 * 1024;

/** How deep objects and lists of a config or an input may be nested. Whatever recurses relies on it. */
export const MAX_JSON_DEPTH = 100;

/** Most UTF-16 units that the values put into one attempt's config and input may take together. */
export const MAX_RESOLVED_CHARS = 64 * 1024 * 1024;
