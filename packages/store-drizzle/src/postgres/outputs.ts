import type { FlowTaskRef, JsonValue, OutputPreview, StoredOutput } from '@tasked/core';
import type { Database } from './database.ts';

/** The outputs that `$1`, a JSON array of references, names: those that exist, by their place. */
const NAMED = `json_to_recordset($1::text::json) as x(n integer, f text, t text)
  join @flow f on f.id = x.f join @flow_task t on t.flow_key = f.key and t.id = x.t
  left join @output o on o.task_key = t.key cross join lateral (select coalesce(t.output, o.json) as json) s
  where s.json is not null`;

/** Reads what tasks have put out. */
export class Outputs {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** `WorkStore.readOutputs`. What is too large stays where it is. */
  async read(refs: readonly FlowTaskRef[], maxBytes: number): Promise<readonly StoredOutput[]> {
    const rows = await this.#db.query<{ n: number; bytes: number; json: string | null }>(
      `select n, bytes, case when total <= $2 then json end as json
       from (select x.n, octet_length(s.json) as bytes, s.json,
           sum(octet_length(s.json)::double precision) over (order by x.n) as total
         from ${NAMED}) sized`,
      [named(refs), maxBytes],
    );
    const outputs: StoredOutput[] = refs.map(() => ({ kind: 'none' }));
    for (const { n, bytes, json } of rows) {
      outputs[n] =
        json === null
          ? { kind: 'too_large', bytes }
          : { kind: 'output', value: JSON.parse(json) as JsonValue };
    }
    return outputs;
  }

  /** `FlowStore.previewOutputs`. */
  async preview(
    refs: readonly FlowTaskRef[],
    maxChars: number,
  ): Promise<readonly (OutputPreview | null)[]> {
    const rows = await this.#db.query<OutputPreview & { n: number }>(
      `select x.n, left(s.json, $2) as text, octet_length(s.json) as bytes from ${NAMED}`,
      [named(refs), maxChars],
    );
    const previews: (OutputPreview | null)[] = refs.map(() => null);
    for (const { n, text, bytes } of rows) previews[n] = { text, bytes };
    return previews;
  }
}

function named(refs: readonly FlowTaskRef[]): string {
  return JSON.stringify(refs.map(({ flowId, taskId }, n) => ({ n, f: flowId, t: taskId })));
}
